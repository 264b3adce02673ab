import { useMutation } from "@tanstack/react-query";
import { Modal } from "antd";
import type { ReactNode } from "react";
import { Problem } from "./Problem";
import { usePartTexts } from "./texts";

/** Asks before something is done that names its object and its reach; a refusal stays in the dialog. */
export function ConfirmDialog<A>({
  title,
  okText,
  danger = false,
  send,
  onDone,
  onClose,
  problem,
  children,
}: {
  title: string;
  okText: string;
  danger?: boolean;
  send: () => Promise<A>;
  onDone: (answer: A) => void;
  onClose: () => void;
  /** What is shown beside an error, such as the things that stand in the way. */
  problem?: (error: unknown) => ReactNode;
  children?: ReactNode | ((error: unknown) => ReactNode);
}) {
  const t = usePartTexts();
  const mutation = useMutation({ mutationFn: send, onSuccess: onDone });
  return (
    <Modal
      open
      title={title}
      okText={okText}
      okButtonProps={{ danger }}
      cancelText={t("cancel")}
      confirmLoading={mutation.isPending}
      onOk={() => mutation.mutate()}
      onCancel={onClose}
      width={480}
    >
      <div className="stack-small">
        {typeof children === "function" ? children(mutation.error) : children}
        {mutation.error && <Problem error={mutation.error}>{problem?.(mutation.error)}</Problem>}
      </div>
    </Modal>
  );
}
