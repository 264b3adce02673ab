import { App, type FormInstance } from "antd";
import { useFormTexts } from "./formTexts";

/** The way out of a form: at once while nothing was typed, else after a question. */
export function useLeaving(form: Pick<FormInstance, "isFieldsTouched">, onLeave: () => void): () => void {
  const t = useFormTexts();
  const { modal } = App.useApp();
  return () => {
    if (!form.isFieldsTouched()) onLeave();
    else
      void modal.confirm({
        title: t("discardTitle"),
        content: t("discardHint"),
        okText: t("discard"),
        okButtonProps: { danger: true },
        cancelText: t("keep"),
        onOk: onLeave,
      });
  };
}
