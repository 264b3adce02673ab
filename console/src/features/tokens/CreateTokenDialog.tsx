import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Radio } from "antd";
import { api, ask } from "@/api/client";
import { fieldRules, roleActions } from "@/api/rules.gen";
import type { components } from "@/api/schema";
import { FormDialog } from "@/parts/FormDialog";
import { useFormRules } from "@/parts/formRules";
import { useMe } from "@/session/me";
import { RoleField } from "@/session/RoleField";
import { isWithin } from "@/session/roles";
import { endOfDay, inDays, networksOf, SPANS } from "./expiry";
import { useTokenTexts } from "./texts";
import { GrowingText } from "@/parts/GrowingText";

export type NewToken = components["schemas"]["NewToken"];
type CreateToken = components["schemas"]["CreateToken"];

interface Draft {
  name: string;
  role: CreateToken["role"];
  span: number | "date";
  day?: string;
  networks: string;
}

/** Makes a token for the caller; its role is never above the caller's own. */
export function CreateTokenDialog({
  onMade,
  onClose,
}: {
  onMade: (token: NewToken) => void;
  onClose: () => void;
}) {
  const t = useTokenTexts();
  const ruleFor = useFormRules();
  const me = useMe();
  const queries = useQueryClient();
  const roles = fieldRules.token.role.enum.filter((role) =>
    isWithin(roleActions[role] ?? [], me?.actions ?? []),
  );
  const send = async ({ name, role, span, day, networks }: Draft): Promise<NewToken> => {
    const expires_at = span === "date" ? (endOfDay(day ?? "") ?? "") : inDays(span, Date.now());
    const body = { name, role, expires_at, networks: networksOf(networks) };
    return (await ask(api.POST("/tokens", { body }))).data.token;
  };
  return (
    <FormDialog<Draft, NewToken>
      title={t("create")}
      okText={t("create")}
      initial={{ role: "viewer", span: 90, networks: "" }}
      send={send}
      placing={{
        reasons: { "token.name_taken": "name" },
        fieldOf: (field) =>
          field === "expires_at" ? "span" : field.startsWith("networks") ? "networks" : field,
      }}
      onClose={onClose}
      onDone={(token) => {
        void queries.invalidateQueries({ queryKey: ["tokens"] });
        onMade(token);
      }}
    >
      {(form) => (
        <>
          <Form.Item name="name" label={t("name")} rules={ruleFor(fieldRules.token.name)}>
            <Input autoComplete="off" placeholder={t("nameHint")} autoFocus />
          </Form.Item>
          <RoleField roles={roles} />
          <Form.Item name="span" label={t("expiry")}>
            <Radio.Group
              className="tokens-span"
              optionType="button"
              buttonStyle="solid"
              options={[
                ...SPANS.map((days) => ({ value: days, label: t("days", { count: days }) })),
                { value: "date", label: t("date") },
              ]}
              onChange={() => form.setFields([{ name: "span", errors: [] }])}
            />
          </Form.Item>
          <Form.Item noStyle shouldUpdate={(before, after) => before.span !== after.span}>
            {({ getFieldValue }) =>
              getFieldValue("span") === "date" && (
                <Form.Item
                  name="day"
                  label={t("lastDay")}
                  rules={[
                    {
                      validator: (_, day?: string) =>
                        endOfDay(day ?? "") ? Promise.resolve() : Promise.reject(new Error(t("wrongDay"))),
                    },
                  ]}
                >
                  <Input type="date" />
                </Form.Item>
              )
            }
          </Form.Item>
          <Form.Item name="networks" label={t("networksField")} extra={t("networksHint")}>
            <GrowingText rows={2} className="mono" spellCheck={false} />
          </Form.Item>
        </>
      )}
    </FormDialog>
  );
}
