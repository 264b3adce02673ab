import { Input, Modal } from "antd";
import { useId, useState } from "react";
import type { Instance } from "@/api/types";
import { usePartTexts } from "@/parts/texts";
import { useInstanceTexts } from "../texts";
import { usePurge } from "./useWrites";
import { WriteProblem } from "./WriteProblem";

/** Final removal: asks to type the name, as there is no undo. */
export function PurgeDialog({
  instance,
  onClose,
  onDone,
}: {
  instance: Instance;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useInstanceTexts();
  const parts = usePartTexts();
  const id = useId();
  const [typed, setTyped] = useState("");
  const purge = usePurge(instance, onDone);
  const matches = typed === instance.name;
  return (
    <Modal
      open
      title={t("purgeTitle", { name: instance.name })}
      onCancel={onClose}
      okText={t("purgeDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ danger: true, type: "primary", disabled: !matches, loading: purge.isPending }}
      onOk={() => purge.mutate("")}
      width={480}
    >
      <div className="stack-small">
        <p>{t("purgeReach")}</p>
        <label htmlFor={id}>{t("purgeType", { name: instance.name })}</label>
        <Input
          id={id}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onPressEnter={() => matches && purge.mutate("")}
        />
        <WriteProblem error={purge.error} instanceId={instance.id} />
      </div>
    </Modal>
  );
}
