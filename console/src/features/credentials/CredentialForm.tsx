import { ended } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { etag } from "@/api/headers";
import { isApiError } from "@/api/errors";
import { fieldRules } from "@/api/rules.gen";
import type { Credential } from "@/api/types";
import type { Who } from "@/changes/actor";
import { ByWhom } from "@/changes/ByWhom";
import { useLastChange } from "@/changes/lastChange";
import { engineName } from "@/words/engines";
import { FormDialog } from "@/parts/FormDialog";
import { useFormRules } from "@/parts/formRules";
import { Problem } from "@/parts/Problem";
import { entryOf, placesOf } from "./bindings";
import { changesOf, type Draft, draftOf, fieldsChanged, wholeOf } from "./draft";
import { PlacesField } from "./PlacesField";
import { asCreation, asPatch, credentialQuery } from "./queries";
import { useCredentialTexts } from "./texts";
import { GrowingText } from "@/parts/GrowingText";
import { leaveByTab } from "@/keys/leaveByTab";

const placing = (text: () => string) => ({
  reasons: { "credential.name_taken": "name" },
  fieldOf: (field: string) =>
    field.startsWith("bindings.engines") ? "engines" : field.startsWith("bindings.") ? "places" : field,
  wordsOf: (field: string, said: string) => {
    const entry = entryOf(field, placesOf(text()));
    return entry === null ? said : `${entry}: ${said}`;
  },
});

/** Adds a credential, or changes one; its password is changed elsewhere. */
export function CredentialForm({
  of,
  onSaved,
  onClose,
}: {
  of?: Credential;
  onSaved: (saved: Credential) => void;
  onClose: () => void;
}) {
  const t = useCredentialTexts();
  const shown = useLanguage();
  const ruleFor = useFormRules();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const lastChange = useLastChange();
  // The page below reads it anew meanwhile: what was changed here is counted from what the form was begun with.
  const [begun] = useState(of);
  // After a conflict, what is there now: that one may be overwritten.
  const [base, setBase] = useState(of);
  const [overtaken, setOvertaken] = useState<{ fields: string[]; by: Who | null } | null>(null);
  const [sent, setSent] = useState("");

  const send = async (draft: Draft): Promise<Credential> => {
    setSent(draft.places);
    if (!base || !begun) {
      const body = asCreation({ ...wholeOf(draft), password: draft.password });
      return (await ask(api.POST("/credentials", { body }))).data.credential;
    }
    const params = {
      path: { credential_id: base.id },
      header: { "If-Match": etag(base.version) },
    };
    try {
      const body = asPatch(changesOf(draftOf(begun), draft));
      return (await ask(api.PATCH("/credentials/{credential_id}", { params, body }))).data.credential;
    } catch (error) {
      if (isApiError(error, "PRECONDITION_FAILED")) {
        const now = await queries.fetchQuery({ ...credentialQuery(base.id), staleTime: 0 });
        const fields = fieldsChanged(draftOf(base), draftOf(now));
        setOvertaken({ fields, by: await lastChange("credential", base.id) });
        setBase(now);
      }
      throw error;
    }
  };
  const words: Record<string, string> = {
    name: t("name"),
    username: t("username"),
    description: t("description"),
    places: t("places"),
    engines: t("engines"),
  };
  const conflict = (error: unknown, again: () => void) =>
    isApiError(error, "PRECONDITION_FAILED") && overtaken ? (
      <Problem error={t("conflict")}>
        <ByWhom who={overtaken.by} />
        <p>
          {overtaken.fields.length === 0
            ? t("conflictNothing")
            : ended(t("conflictHint"), shown) + overtaken.fields.map((one) => words[one] ?? one).join(", ")}
        </p>
        <div>
          <Button size="small" onClick={again}>
            {t("overwrite")}
          </Button>
        </div>
      </Problem>
    ) : undefined;

  return (
    <FormDialog<Draft, Credential>
      title={of ? t("editTitle", { name: of.name }) : t("create")}
      okText={of ? t("save") : t("create")}
      initial={draftOf(begun)}
      send={send}
      placing={placing(() => sent)}
      problem={conflict}
      onClose={onClose}
      onDone={(saved) => {
        queries.setQueryData(credentialQuery(saved.id).queryKey, saved);
        void queries.invalidateQueries({ queryKey: ["credentials"] });
        void message.success(t("saved", { name: saved.name }));
        onClose();
        onSaved(saved);
      }}
      width={600}
    >
      <Form.Item name="name" label={t("name")} rules={ruleFor(fieldRules.credential.name)}>
        <Input autoComplete="off" placeholder={t("nameHint")} autoFocus={!of} />
      </Form.Item>
      <Form.Item name="username" label={t("username")} rules={ruleFor(fieldRules.credential.username)}>
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} className="mono" />
      </Form.Item>
      {!of && (
        <Form.Item
          name="password"
          label={t("password")}
          extra={t("passwordHint")}
          rules={ruleFor(fieldRules.credential.password)}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
      <PlacesField />
      <Form.Item name="engines" label={t("engines")} extra={t("enginesHint")}>
        <Select
          mode="multiple"
          onInputKeyDown={leaveByTab}
          allowClear
          options={fieldRules.bindings.engines.enum.map((value) => ({ value, label: engineName(value) }))}
        />
      </Form.Item>
      <Form.Item
        name="description"
        label={t("description")}
        rules={ruleFor(fieldRules.credential.description)}
      >
        <GrowingText rows={1} />
      </Form.Item>
    </FormDialog>
  );
}
