import { useQueryClient } from "@tanstack/react-query";
import { App, Form, Input } from "antd";
import { api, ask } from "@/api/client";
import { fieldRules } from "@/api/rules.gen";
import { whyHeaders } from "@/api/headers";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { FormDialog } from "@/parts/FormDialog";
import { useFormRules } from "@/parts/formRules";
import { useMe } from "@/session/me";
import { RoleField } from "@/session/RoleField";
import { useRoleWord } from "@/session/roles";
import { useUserTexts } from "./texts";

type Role = components["schemas"]["CreateUser"]["role"];

/** What follows a change of a user: the list is read anew, and so is the caller's own role. */
function useDone(onClose: () => void): (told: string) => void {
  const { message } = App.useApp();
  const queries = useQueryClient();
  return (told) => {
    void queries.invalidateQueries({ queryKey: ["users"] });
    void queries.invalidateQueries({ queryKey: ["me"] });
    void message.success(told);
    onClose();
  };
}

function PasswordField({ label, autoFocus = false }: { label: string; autoFocus?: boolean }) {
  const t = useUserTexts();
  const ruleFor = useFormRules();
  const rule = fieldRules.user.password;
  return (
    <Form.Item
      name="password"
      label={label}
      extra={t("passwordHint", { least: rule.minLength, most: rule.maxLength })}
      rules={ruleFor(rule)}
    >
      <Input.Password autoComplete="new-password" autoFocus={autoFocus} />
    </Form.Item>
  );
}

export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const t = useUserTexts();
  const ruleFor = useFormRules();
  const done = useDone(onClose);
  return (
    <FormDialog<{ username: string; password: string; role: Role }, string>
      title={t("create")}
      okText={t("create")}
      initial={{ role: "viewer" }}
      placing={{ reasons: { "user.name_taken": "username" } }}
      send={async (body) => (await ask(api.POST("/users", { body }))).data.user.username}
      onDone={(name) => done(t("added", { name }))}
      onClose={onClose}
    >
      <Form.Item
        name="username"
        label={t("username")}
        extra={t("usernameHint")}
        rules={ruleFor(fieldRules.user.username, { pattern: t("usernameHint") })}
      >
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} autoFocus />
      </Form.Item>
      <PasswordField label={t("password")} />
      <RoleField />
    </FormDialog>
  );
}

export function RoleDialog({ of, onClose }: { of: User; onClose: () => void }) {
  const t = useUserTexts();
  const roleWord = useRoleWord();
  const me = useMe();
  const done = useDone(onClose);
  return (
    <FormDialog<{ role: Role }, User>
      title={t("roleTitle", { name: of.username })}
      okText={t("save")}
      initial={{ role: of.role as Role }}
      placing={{ reasons: { "user.last_admin": "role" } }}
      send={async (body) => {
        const params = { path: { user_id: of.id } };
        return (await ask(api.PUT("/users/{user_id}", { params, body }))).data.user;
      }}
      onDone={(user) => done(t("roleChanged", { name: user.username, role: roleWord(user.role) }))}
      onClose={onClose}
    >
      <RoleField />
      {me?.id === of.id && <p>{t("roleOwn")}</p>}
    </FormDialog>
  );
}

export function PasswordDialog({ of, onClose }: { of: User; onClose: () => void }) {
  const t = useUserTexts();
  const done = useDone(onClose);
  const name = of.username;
  return (
    <FormDialog<{ password: string }, User>
      title={t("passwordTitle", { name })}
      okText={t("savePassword")}
      send={async (body) => {
        const params = { path: { user_id: of.id } };
        return (await ask(api.PUT("/users/{user_id}", { params, body }))).data.user;
      }}
      onDone={() => done(t("passwordChanged", { name }))}
      onClose={onClose}
    >
      <p className="soft users-hint">{t("passwordEnds", { name })}</p>
      <PasswordField label={t("newPassword")} autoFocus />
    </FormDialog>
  );
}

export function DisableDialog({ of, onClose }: { of: User; onClose: () => void }) {
  const t = useUserTexts();
  const done = useDone(onClose);
  const name = of.username;
  return (
    <ConfirmDialog
      title={t("disableTitle", { name })}
      okText={t("disable")}
      danger
      asksWhy
      send={(_, why) => {
        const params = { path: { user_id: of.id }, header: whyHeaders(why) };
        return ask(api.POST("/users/{user_id}/disable", { params, body: {} }));
      }}
      onDone={() => done(t("wasDisabled", { name }))}
      onClose={onClose}
    >
      <p>{t("disableHint", { name })}</p>
    </ConfirmDialog>
  );
}
