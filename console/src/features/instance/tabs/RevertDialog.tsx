import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Input, Modal } from "antd";
import { useId, useState } from "react";
import { api, ask } from "@/api/client";
import { isApiError } from "@/api/errors";
import { reasonOf } from "@/api/headers";
import { fieldRules } from "@/api/rules.gen";
import type { AuditEvent } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { useInstanceTexts } from "../texts";
import { diffOf } from "./diff";
import { Diff } from "./Diff";
import { useTabTexts } from "./texts";

/** The API refuses while fields have changed since; then `force` writes all the same. */
const hasChangedSince = (error: unknown): boolean =>
  isApiError(error) && error.reason === "audit.changed_since";

/** Shows what undoing a change would write, and undoes it. */
export function RevertDialog({
  event,
  instanceId,
  onClose,
}: {
  event: AuditEvent;
  instanceId: number;
  onClose: () => void;
}) {
  const t = useTabTexts();
  const own = useInstanceTexts();
  const parts = usePartTexts();
  const id = useId();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [force, setForce] = useState(false);
  const send = (dry_run: boolean) =>
    ask(
      api.POST("/audit-events/{event_id}/revert", {
        params: { path: { event_id: event.id }, query: { dry_run } },
        body: { reason: reasonOf(reason), force },
      }),
    );
  const preview = useQuery({
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
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["instance", instanceId] }),
        queries.invalidateQueries({ queryKey: ["instances"] }),
      ]);
    },
  });
  const would = preview.data?.meta?.dry_run?.changes ?? [];
  const fields = would.flatMap((one) => diffOf({ changes: one.changes as AuditEvent["changes"] }));
  const asksForce = force || hasChangedSince(preview.error) || hasChangedSince(revert.error);
  return (
    <Modal
      open
      title={t("revertTitle", { id: event.id })}
      onCancel={onClose}
      okText={t("revertDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ loading: revert.isPending, disabled: !preview.data || fields.length === 0 }}
      onOk={() => revert.mutate()}
      width={640}
    >
      <div className="stack-small">
        {preview.isPending && <p className="soft">{t("previewing")}</p>}
        {preview.data && fields.length === 0 && <p>{t("revertNothing")}</p>}
        {fields.length > 0 && (
          <>
            <p>{t("revertHint")}</p>
            <Diff caption={t("revertHint")} fields={fields} />
          </>
        )}
        {preview.error && <Problem error={preview.error} />}
        {revert.error && <Problem error={revert.error} />}
        {asksForce && (
          <Checkbox checked={force} onChange={(change) => setForce(change.target.checked)}>
            {t("revertForce")}
          </Checkbox>
        )}
        <label htmlFor={id}>{own("reason")}</label>
        <Input
          id={id}
          maxLength={fieldRules.deletion.reason.maxLength}
          value={reason}
          onChange={(change) => setReason(change.target.value)}
        />
        <p className="small soft">{own("reasonHint")}</p>
      </div>
    </Modal>
  );
}
