import { Checkbox, Input, Select } from "antd";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import type { Field, Values } from "../fields";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import { FieldBox, type FieldProps, useControl } from "./Field";
import { GrowingText } from "@/parts/GrowingText";

type Holding<T> = { [K in Field]: Values[K] extends T ? K : never }[Field];
export type TextField = Holding<string>;

export interface TextProps extends FieldProps {
  field: TextField;
  mono?: boolean;
  placeholder?: string;
  suffix?: string;
  type?: "text" | "datetime-local";
  autoFocus?: boolean;
}

export function TextInput({ field, hint, note, wide, mono, type = "text", ...rest }: TextProps) {
  const { values, set, leave } = useFormApi();
  const { error, control } = useControl(field, hint);
  const isNumber = (fieldRules.instance[field] as Rule).kind === "integer";
  return (
    <FieldBox field={field} hint={hint} note={note} wide={wide}>
      <Input
        {...control}
        {...rest}
        type={type}
        step={type === "datetime-local" ? 1 : undefined}
        value={values[field]}
        status={error ? "error" : ""}
        className={mono ? "mono" : undefined}
        inputMode={isNumber ? "numeric" : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => set(field, event.target.value)}
        onBlur={() => leave(field)}
      />
    </FieldBox>
  );
}

export function TextArea({ field, hint, rows = 3 }: FieldProps & { field: TextField; rows?: number }) {
  const { values, set, leave } = useFormApi();
  const { error, control } = useControl(field, hint);
  const most = (fieldRules.instance[field] as Rule).maxLength;
  return (
    <FieldBox field={field} hint={hint} wide>
      <GrowingText
        {...control}
        rows={rows}
        value={values[field]}
        status={error ? "error" : ""}
        count={most === undefined ? undefined : { show: values[field].length > most * 0.8, max: most }}
        onChange={(event) => set(field, event.target.value)}
        onBlur={() => leave(field)}
      />
    </FieldBox>
  );
}

export interface Option {
  value: string;
  label: string;
}

/** A choice out of a few that are known beforehand; `clear` offers none of them. */
export function Choice({
  field,
  hint,
  wide,
  options,
  clear = false,
  placeholder,
  autoFocus,
}: FieldProps & {
  field: TextField;
  options: Option[];
  clear?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
}) {
  const { values, set, leave } = useFormApi();
  const t = useEditTexts();
  const { error, control } = useControl(field, hint);
  return (
    <FieldBox field={field} hint={hint} wide={wide}>
      <Select
        {...control}
        value={values[field] === "" ? undefined : values[field]}
        options={options}
        allowClear={clear}
        autoFocus={autoFocus}
        placeholder={placeholder ?? (clear ? t("noneOption") : t("choose"))}
        status={error ? "error" : ""}
        showSearch={{ optionFilterProp: "label" }}
        onChange={(value?: string) => set(field, value ?? "")}
        onBlur={() => leave(field)}
      />
    </FieldBox>
  );
}

/** A yes or no; `beside` a field with a label it stands level with that field's control. */
export function Toggle({
  field,
  hint,
  beside = false,
}: FieldProps & { field: Holding<boolean>; beside?: boolean }) {
  const { values, set } = useFormApi();
  const name = useFieldLabel()(field);
  const { error, control } = useControl(field, hint);
  return (
    <div className={beside ? "edit-field edit-beside" : "edit-field"}>
      <Checkbox {...control} checked={values[field]} onChange={(event) => set(field, event.target.checked)}>
        {name}
      </Checkbox>
      {hint && (
        <p className="edit-hint" id={`${control.id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="edit-error" id={`${control.id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
