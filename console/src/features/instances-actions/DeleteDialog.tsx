import { useQuery } from "@tanstack/react-query";
import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { fieldRules } from "@/api/rules.gen";
import { count } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { reachQuery } from "./queries";
import { useActionTexts } from "./texts";
import { type Target, useDeleteInstance } from "./useInstanceWrites";
import { WriteProblem } from "./WriteProblem";

/** Asks why, names what stays, and deletes into the recycle bin. */
export function DeleteDialog({ instance, onClose }: { instance: Target; onClose: () => void }) {
  const t = useActionTexts();
  const parts = usePartTexts();
  const id = useId();
  const [reason, setReason] = useState("");
  const reach = useQuery(reachQuery(instance.id)).data;
  const remove = useDeleteInstance({ tells: false });
  return (
    <Modal
      open
      title={t("deleteTitle", { name: instance.name })}
      onCancel={onClose}
      okText={t("deleteDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => remove.mutate({ instance, reason }, { onSuccess: onClose })}
      width={520}
    >
      <div className="stack-small">
        <p>
          {t("deleteReach", {
            checks: reach ? count(reach.checks) : "…",
            changes: reach ? count(reach.changes) : "…",
          })}
        </p>
        <label htmlFor={id}>{t("reason")}</label>
        <Input.TextArea
          id={id}
          autoFocus
          rows={2}
          maxLength={fieldRules.deletion.reason.maxLength}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="small soft">{t("reasonHint")}</p>
        <WriteProblem error={remove.error} instanceId={instance.id} />
      </div>
    </Modal>
  );
}
