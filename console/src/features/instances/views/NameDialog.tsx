import { Form, Input, Modal } from "antd";
import { useListTexts } from "../texts";

/** Asks how a view shall be called. */
export function NameDialog({
  title,
  name,
  onName,
  onClose,
}: {
  title: string;
  name: string;
  onName: (name: string) => void;
  onClose: () => void;
}) {
  const t = useListTexts();
  const [form] = Form.useForm<{ name: string }>();
  return (
    <Modal
      open
      title={title}
      okText={t("save")}
      cancelText={t("cancel")}
      width={380}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ name }}
        onFinish={(values) => {
          onName(values.name);
          onClose();
        }}
      >
        <Form.Item
          name="name"
          label={t("viewName")}
          rules={[{ required: true, whitespace: true, message: t("viewName") }]}
        >
          <Input autoFocus maxLength={60} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
