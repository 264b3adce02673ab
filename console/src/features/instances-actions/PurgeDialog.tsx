import { ended } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Skeleton } from "antd";
import { useId, useState } from "react";
import { fieldRules } from "@/api/rules.gen";
import { count } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import "./PurgeDialog.css";
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
  onDone?: () => void;
}) {
  const t = useActionTexts();
  const shown = useLanguage();
  const p = usePartTexts();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const reach = useQuery(reachQuery(instance.id));
  const { name } = instance;
  const isNamed = typed === name;
  const purge = usePurgeInstance(onDone);
  const send = (): void => {
    if (!isNamed || !reach.data) return;
    const { version } = reach.data;
    purge.mutate({ instance: { ...instance, version }, reason });
  };
  return (
    <Modal
      open
      title={t("purgeTitle", { name })}
      width={520}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {p("cancel")}
        </Button>,
        <Button
          key="purge"
          danger
          type="primary"
          htmlType="submit"
          form={`${id}-form`}
          loading={purge.isPending}
          disabled={!isNamed || reach.data === undefined}
        >
          {t("purgeDo")}
        </Button>,
      ]}
    >
      <form
        id={`${id}-form`}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div>
          <p>
            <strong>{t("purgeText")}</strong>
          </p>
          {reach.data && (
            <p>
              {ended(
                t("purgeReach", {
                  name,
                  checks: count(reach.data.checks),
                  changes: count(reach.data.changes),
                }),
                shown,
              )}
              {reach.data.credential && t("purgeCredential", { name: reach.data.credential })}
            </p>
          )}
          {reach.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
        </div>
        {reach.error && <Problem error={reach.error} onRetry={() => void reach.refetch()} />}
        <WriteProblem error={purge.error} instanceId={instance.id} />
        <div className="stack-small">
          <label htmlFor={`${id}-name`}>
            {t("purgeType")} <code>{name}</code>
          </label>
          <Input
            id={`${id}-name`}
            value={typed}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            status={typed !== "" && !name.startsWith(typed) ? "error" : ""}
            aria-describedby={`${id}-wrong`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p id={`${id}-wrong`} className="purge-wrong" role="status">
            {typed !== "" && !name.startsWith(typed) ? t("purgeWrong") : ""}
          </p>
          <label htmlFor={`${id}-reason`}>{t("purgeReason")}</label>
          <Input
            id={`${id}-reason`}
            value={reason}
            maxLength={fieldRules.deletion.reason.maxLength}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      </form>
    </Modal>
  );
}
