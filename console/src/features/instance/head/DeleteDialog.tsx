import { useQuery } from "@tanstack/react-query";
import { Input, Modal } from "antd";
import { useId, useState } from "react";
import { fieldRules } from "@/api/rules.gen";
import type { Instance } from "@/api/types";
import { usePartTexts } from "@/parts/texts";
import { checksQuery, historyQuery } from "../queries";
import { useInstanceTexts } from "../texts";
import { useDelete } from "./useWrites";
import { WriteProblem } from "./WriteProblem";

/** Asks why, names what stays, and deletes into the recycle bin. */
export function DeleteDialog({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const t = useInstanceTexts();
  const parts = usePartTexts();
  const id = useId();
  const [reason, setReason] = useState("");
  const checks = useQuery(checksQuery(instance.id)).data?.total;
  const changes = useQuery(historyQuery(instance.id, 1)).data?.total;
  const remove = useDelete(instance, onClose);
  return (
    <Modal
      open
      title={t("deleteTitle", { name: instance.name })}
      onCancel={onClose}
      okText={t("deleteDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => remove.mutate(reason)}
      width={520}
    >
      <div className="stack-small">
        <p>{t("deleteReach", { checks: checks ?? "…", changes: changes ?? "…" })}</p>
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
