import { useMutation } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { api, ask, keepCsrfToken } from "@/api/client";
import { fieldRules } from "@/api/rules.gen";
import { useFormRules } from "@/parts/formRules";
import { placeErrors } from "@/parts/placeErrors";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { useProfileTexts } from "./texts";

interface Draft {
  old_password: string;
  new_password: string;
  repeat: string;
}

/** Changes one's own password; the session goes on under a new id. */
export function PasswordBlock({ username }: { username: string }) {
  const t = useProfileTexts();
  const ruleFor = useFormRules();
  const { message } = App.useApp();
  const [form] = Form.useForm<Draft>();
  const [problem, setProblem] = useState<unknown>(null);
  const change = useMutation({
    mutationFn: async ({ old_password, new_password }: Draft) =>
      (await ask(api.POST("/auth/change-password", { body: { old_password, new_password } }))).data,
    onSuccess: (data) => {
      keepCsrfToken(data.csrf_token);
      form.resetFields();
      void message.success(t("changed"));
    },
    onError: (error) => {
      const placed = placeErrors(form, error, { reasons: { "password.refused": "old_password" } });
      if (!placed) setProblem(error);
    },
  });
  const rules = fieldRules.changePassword;
  return (
    <Block title={t("password")}>
      <Form<Draft>
        form={form}
        layout="vertical"
        onFinish={(values) => {
          setProblem(null);
          change.mutate(values);
        }}
      >
        {/* For password managers, which must know whose password it is. */}
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        <Form.Item name="old_password" label={t("oldPassword")} rules={ruleFor(rules.old_password)}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new_password"
          label={t("newPassword")}
          extra={t("newHint", {
            least: rules.new_password.minLength,
            most: rules.new_password.maxLength,
          })}
          rules={ruleFor(rules.new_password)}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t("repeat")}
          dependencies={["new_password"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value?: string) =>
                (value ?? "") === (getFieldValue("new_password") ?? "")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("differs"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="stack-small">
          {problem !== null && <Problem error={problem} />}
          <p className="soft">{t("ends")}</p>
          <div>
            <Button type="primary" htmlType="submit" loading={change.isPending}>
              {t("change")}
            </Button>
          </div>
        </div>
      </Form>
    </Block>
  );
}
