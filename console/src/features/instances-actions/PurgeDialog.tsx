import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { ended } from "@/words/sentences";
import { PurgeForm } from "./PurgeForm";
import { reachQuery } from "./queries";
import { useActionTexts } from "./texts";
import { type Target, usePurgeInstance } from "./useInstanceWrites";
import { WriteProblem } from "./WriteProblem";

/** Final removal: says what goes and what stays, and asks for the name. */
export function PurgeDialog({
  instance,
  onClose,
  onDone = onClose,
}: {
  instance: Target;
  onClose: () => void;
  /** After it is purged; without it the dialog closes. */
  onDone?: () => unknown;
}) {
  const t = useActionTexts();
  const shown = useLanguage();
  const { data: reach, error, isPending, refetch } = useQuery(reachQuery(instance.id));
  const { name } = instance;
  const purge = usePurgeInstance(onDone);
  return (
    <PurgeForm
      title={t("purgeTitle", { name })}
      okText={t("purgeDo")}
      word={name}
      wordLabel={t("purgeType")}
      wrong={t("purgeWrong")}
      isPending={purge.isPending}
      isReady={reach !== undefined}
      onSend={(why) => {
        if (reach) purge.mutate({ instance: { ...instance, version: reach.version }, why });
      }}
      onClose={onClose}
    >
      <div>
        <p>
          <strong>{t("purgeText")}</strong>
        </p>
        {reach && (
          <p>
            {ended(
              t("purgeReach", { name, checks: count(reach.checks), changes: count(reach.changes) }),
              shown,
            )}
            {reach.credential && t("purgeCredential", { name: reach.credential })}
          </p>
        )}
        {isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      </div>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      <WriteProblem error={purge.error} instanceId={instance.id} />
    </PurgeForm>
  );
}
