import { Input, Select } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useAuditTexts } from "./texts";

function Field({
  label,
  kind,
  children,
}: {
  label: string;
  kind: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={`audit-filter-field ${kind}`}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

/** One of what is known, or any; what the URL holds is among the choices even where nobody knows it. */
export function ChoiceField<V extends string | number>({
  label,
  value,
  known,
  word,
  onChange,
}: {
  label: string;
  value: V | undefined;
  known: readonly V[];
  word: (value: V) => string;
  onChange: (value: V | undefined) => void;
}) {
  const t = useAuditTexts();
  const all = value === undefined || known.includes(value) ? known : [...known, value];
  return (
    <Field label={label} kind="">
      {(id) => (
        <Select<V>
          id={id}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t("any")}
          value={value}
          options={all.map((one) => ({ value: one, label: word(one) }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

/** A field that counts once it is left or Enter is pressed: half a date is no filter. */
export function LateField({
  label,
  type,
  value,
  onCommit,
}: {
  label: string;
  type: "text" | "datetime-local";
  value: string;
  onCommit: (value: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
  };
  return (
    <Field label={label} kind={type === "text" ? "audit-filter-id" : "audit-filter-time"}>
      {(id) => (
        <Input
          id={id}
          type={type}
          allowClear={type === "text"}
          value={draft ?? value}
          onChange={(event) => {
            setDraft(event.target.value);
            if (event.target.value === "") onCommit("");
          }}
          onBlur={commit}
          onPressEnter={commit}
        />
      )}
    </Field>
  );
}
