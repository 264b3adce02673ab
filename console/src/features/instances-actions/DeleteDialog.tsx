import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useState } from "react";
import { NO_WHY } from "@/api/headers";
import { count } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { WhyFields } from "@/parts/WhyFields";
import { reachQuery } from "./queries";
import { useActionTexts } from "./texts";
import { type Target, useDeleteInstance } from "./useInstanceWrites";
import { WriteProblem } from "./WriteProblem";

/** Asks why, names what stays, and deletes into the recycle bin. */
export function DeleteDialog({ instance, onClose }: { instance: Target; onClose: () => void }) {
  const t = useActionTexts();
  const parts = usePartTexts();
  const [why, setWhy] = useState(NO_WHY);
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
      onOk={() => remove.mutate({ instance, why }, { onSuccess: onClose })}
      width={520}
    >
      <div className="stack-small">
        <p>
          {t("deleteReach", {
            checks: reach ? count(reach.checks) : "…",
            changes: reach ? count(reach.changes) : "…",
          })}
        </p>
        <WhyFields why={why} onChange={setWhy} autoFocus />
        <WriteProblem error={remove.error} instanceId={instance.id} />
      </div>
    </Modal>
  );
}
