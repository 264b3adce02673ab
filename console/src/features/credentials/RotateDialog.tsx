import { useQueryClient } from "@tanstack/react-query";
import { App, Form, Input } from "antd";
import { api, ask } from "@/api/client";
import { etag } from "@/api/headers";
import { isApiError } from "@/api/errors";
import { fieldRules } from "@/api/rules.gen";
import type { Credential } from "@/api/types";
import { FormDialog } from "@/parts/FormDialog";
import { useFormRules } from "@/parts/formRules";
import { Problem } from "@/parts/Problem";
import { credentialQuery } from "./queries";
import { useCredentialTexts } from "./texts";

/** Gives a credential another password; none is ever shown. */
export function RotateDialog({ of, onClose }: { of: Credential; onClose: () => void }) {
  const t = useCredentialTexts();
  const ruleFor = useFormRules();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { name, username, usage_count: count } = of;
  return (
    <FormDialog<{ password: string }, Credential>
      title={t("rotateTitle", { name })}
      okText={t("rotateDo")}
      initial={{ password: "" }}
      send={async ({ password }) => {
        const params = {
          path: { credential_id: of.id },
          header: { "If-Match": etag(of.version) },
        };
        try {
          return (await ask(api.PATCH("/credentials/{credential_id}", { params, body: { password } }))).data
            .credential;
        } catch (error) {
          // The next attempt then names the version that is there now.
          if (isApiError(error, "PRECONDITION_FAILED"))
            await queries.invalidateQueries({ queryKey: ["credential", of.id] });
          throw error;
        }
      }}
      problem={(error) =>
        isApiError(error, "PRECONDITION_FAILED") ? <Problem error={t("changedMeanwhile")} /> : undefined
      }
      onClose={onClose}
      onDone={(saved) => {
        queries.setQueryData(credentialQuery(of.id).queryKey, saved);
        void queries.invalidateQueries({ queryKey: ["credentials"] });
        void message.success(t("rotated", { name }));
        onClose();
      }}
    >
      <p className="soft credential-hint">{t("rotateHint", { username, count })}</p>
      <Form.Item
        name="password"
        label={t("newPassword")}
        extra={t("passwordHint")}
        rules={ruleFor(fieldRules.credential.password)}
      >
        <Input.Password autoComplete="new-password" autoFocus />
      </Form.Item>
    </FormDialog>
  );
}
