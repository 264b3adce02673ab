import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Modal } from "antd";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { isApiError } from "@/api/errors";
import { NO_WHY, whyHeaders } from "@/api/headers";
import type { AuditEvent } from "@/api/types";
import { useSay } from "@/words/useSay";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { WhyFields } from "@/parts/WhyFields";
import { Diff } from "./Diff";
import { diffOf } from "./diff";
import { useChangeTexts } from "./texts";

const hasChangedSince = (error: unknown): boolean =>
  isApiError(error) && error.reason === "audit.changed_since";

/** Tries an undoing without writing, shows what it would change, and does it. */
export function RevertDialog({
  event,
  labelOf,
  onClose,
}: {
  event: AuditEvent;
  labelOf?: (field: string) => string;
  onClose: () => void;
}) {
  const t = useChangeTexts();
  const parts = usePartTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [why, setWhy] = useState(NO_WHY);
  const say = useSay();
  const [force, setForce] = useState(false);
  const send = (dry_run: boolean) =>
    ask(
      api.POST("/audit-events/{event_id}/revert", {
        params: {
          path: { event_id: event.id },
          query: { dry_run },
          header: dry_run ? {} : whyHeaders(why),
        },
        body: { force },
      }),
    );
  const trial = useQuery({
    queryKey: ["audit-event", event.id, "revert", force],
    queryFn: () => send(true),
    staleTime: 0,
    gcTime: 0,
  });
  const revert = useMutation({
    mutationFn: () => send(false),
    onSuccess: async () => {
      onClose();
      void message.success(t("reverted", { id: event.id }));
      // It may have changed anything that is shown.
      await queries.invalidateQueries();
    },
  });
  const would = trial.data?.meta?.dry_run?.changes ?? [];
  const fields = would.flatMap((one) =>
    diffOf(one.changes as AuditEvent["changes"], (field, value) => say(field, value, event.entity_type)),
  );
  const asksForce = force || hasChangedSince(trial.error) || hasChangedSince(revert.error);
  return (
    <Modal
      open
      title={t("revertTitle", { id: event.id })}
      okText={t("revertDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ disabled: fields.length === 0 }}
      confirmLoading={revert.isPending}
      onOk={() => revert.mutate()}
      onCancel={onClose}
      width={640}
    >
      <div className="stack-small">
        {trial.isPending && <p className="soft">{t("previewing")}</p>}
        {trial.data && fields.length === 0 && <p>{t("revertNothing")}</p>}
        {fields.length > 0 && (
          <>
            <p>{t("revertHint")}</p>
            <Diff caption={t("revertHint")} fields={fields} labelOf={labelOf} />
          </>
        )}
        {trial.error && <Problem error={trial.error} hasOwnWay={asksForce} />}
        {revert.error && <Problem error={revert.error} />}
        {asksForce && (
          <Checkbox checked={force} onChange={(change) => setForce(change.target.checked)}>
            {t("revertForce")}
          </Checkbox>
        )}
        <WhyFields why={why} onChange={setWhy} />
      </div>
    </Modal>
  );
}
