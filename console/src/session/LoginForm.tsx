import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { api, ask, keepCsrfToken } from "@/api/client";
import { Problem } from "@/parts/Problem";
import { meQuery } from "./me";
import { useSessionTexts } from "./texts";

interface Login {
  username: string;
  password: string;
}

/** Logs in; `onDone` is called once the server has said who the caller is. */
export function LoginForm({ username, onDone }: { username?: string; onDone: () => void }) {
  const t = useSessionTexts();
  const queries = useQueryClient();
  const login = useMutation({
    mutationFn: async (body: Login) => {
      const answer = await ask(api.POST("/auth/login", { body }));
      keepCsrfToken(answer.data.csrf_token);
      await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    },
    onSuccess: onDone,
  });
  return (
    <Form<Login>
      layout="vertical"
      initialValues={{ username }}
      onFinish={(values) => login.mutate(values)}
      className="stack"
    >
      {login.error && <Problem error={login.error} />}
      <Form.Item
        name="username"
        label={t("username")}
        rules={[{ required: true, message: t("usernameMissing") }]}
        noStyle={false}
      >
        <Input autoComplete="username" autoFocus={!username} autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("password")}
        rules={[{ required: true, message: t("passwordMissing") }]}
      >
        <Input.Password autoComplete="current-password" autoFocus={Boolean(username)} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={login.isPending} block>
        {t("logIn")}
      </Button>
    </Form>
  );
}
