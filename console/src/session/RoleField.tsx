import { Form, Select } from "antd";
import { fieldRules, roleActions } from "@/api/rules.gen";
import { useFormRules } from "@/parts/formRules";
import "./RoleField.css";
import { ACTIONS, useActionWord, useRoleFieldTexts, useRoleWord } from "./roles";

/** A role, and below it what it may do. */
export function RoleField({ roles = fieldRules.user.role.enum }: { roles?: readonly string[] }) {
  const t = useRoleFieldTexts();
  const ruleFor = useFormRules();
  const roleWord = useRoleWord();
  const actionWord = useActionWord();
  const chosen = Form.useWatch("role") as string | undefined;
  const granted = (chosen && roleActions[chosen]) || [];
  const actions = ACTIONS.filter((one) => granted.includes(one));
  return (
    <>
      <Form.Item name="role" label={t("role")} rules={ruleFor(fieldRules.user.role)}>
        <Select options={roles.map((value) => ({ value, label: roleWord(value) }))} />
      </Form.Item>
      {actions.length > 0 && (
        <div className="role-field-may soft">
          <p>{t("may")}</p>
          <ul>
            {actions.map((one) => (
              <li key={one}>{actionWord(one)}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
