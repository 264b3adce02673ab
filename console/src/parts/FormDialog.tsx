import { useMutation } from "@tanstack/react-query";
import { Form, type FormInstance, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { placeErrors, type Placing } from "./placeErrors";
import { Problem } from "./Problem";
import { usePartTexts } from "./texts";
import { useLeaving } from "./useLeaving";

interface FormDialogProps<V extends object, A> {
  title: string;
  okText: string;
  initial?: Partial<V>;
  send: (values: V) => Promise<A>;
  onDone: (answer: A) => void;
  onClose: () => void;
  /** Where errors belong that do not name a field of this form by its own name. */
  placing?: Placing;
  /** Takes the place of what is shown for an error that belongs to no field; undefined leaves it. */
  problem?: (error: unknown, again: () => void) => ReactNode | undefined;
  width?: number;
  children: ReactNode | ((form: FormInstance<V>) => ReactNode);
}

const intoView = (shown: HTMLElement | null): void => shown?.scrollIntoView({ block: "nearest" });

/**
 * A form in a dialog: sends, shows each error where it belongs, and loses nothing that was typed without a question.
 */
export function FormDialog<V extends object, A>(props: FormDialogProps<V, A>) {
  const { title, okText, initial, send, onDone, onClose, placing, problem, width = 520, children } = props;
  const parts = usePartTexts();
  const [form] = Form.useForm<V>();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: onDone,
    onError: (error) => {
      if (!placeErrors(form as FormInstance, error, placing)) setUnplaced(error);
    },
  });
  const close = useLeaving(form as FormInstance, onClose);
  const own = unplaced === null ? undefined : problem?.(unplaced, () => form.submit());
  return (
    <Modal
      open
      title={title}
      okText={okText}
      cancelText={parts("cancel")}
      onOk={() => form.submit()}
      onCancel={close}
      confirmLoading={mutation.isPending}
      mask={{ closable: false }}
      width={width}
    >
      <Form<V>
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(values) => {
          setUnplaced(null);
          mutation.mutate(values);
        }}
        scrollToFirstError={{ focus: true }}
      >
        {typeof children === "function" ? children(form) : children}
        {unplaced !== null && <div ref={intoView}>{own ?? <Problem error={unplaced} />}</div>}
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </Form>
    </Modal>
  );
}
