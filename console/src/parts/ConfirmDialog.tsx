import { useMutation } from "@tanstack/react-query";
import { Modal } from "antd";
import { type ReactNode, useState } from "react";
import { NO_WHY, type Why } from "@/api/headers";
import { Problem } from "./Problem";
import { usePartTexts } from "./texts";
import { WhyFields } from "./WhyFields";

/** Asks before something is done that names its object and its reach; a refusal stays in the dialog. */
export function ConfirmDialog<A>({
  title,
  okText,
  danger = false,
  asksWhy = false,
  send,
  onDone,
  onClose,
  problem,
  hasWayOut,
  children,
}: {
  title: string;
  /** What is done; after a refusal perhaps another thing, or null where nothing more can be. */
  okText: string | ((refusal: Error | null) => string | null);
  danger?: boolean;
  /** Whether it asks for a reason and a ticket; `send` is given them. */
  asksWhy?: boolean;
  send: (refusal: Error | null, why: Why) => Promise<A>;
  onDone: (answer: A) => void;
  onClose: () => void;
  /** What is shown beside an error, such as the things that stand in the way. */
  problem?: (refusal: Error) => ReactNode;
  /** Whether the dialog shows by itself what to do after an error. */
  hasWayOut?: (refusal: Error) => boolean;
  children?: ReactNode | ((refusal: Error | null) => ReactNode);
}) {
  const t = usePartTexts();
  const [why, setWhy] = useState(NO_WHY);
  const [refusal, setRefusal] = useState<Error | null>(null);
  const mutation = useMutation({
    mutationFn: () => send(refusal, why),
    onSuccess: onDone,
    onError: setRefusal,
  });
  const ok = typeof okText === "function" ? okText(refusal) : okText;
  return (
    <Modal
      open
      title={title}
      okText={ok}
      okButtonProps={{ danger }}
      footer={ok === null ? (_, { CancelBtn }) => <CancelBtn /> : undefined}
      cancelText={t("cancel")}
      confirmLoading={mutation.isPending}
      onOk={() => mutation.mutate()}
      onCancel={onClose}
      width={480}
    >
      <div className="stack-small">
        {typeof children === "function" ? children(refusal) : children}
        {asksWhy && ok !== null && <WhyFields why={why} onChange={setWhy} />}
        {refusal && (
          <Problem error={refusal} hasOwnWay={hasWayOut?.(refusal)}>
            {problem?.(refusal)}
          </Problem>
        )}
      </div>
    </Modal>
  );
}
