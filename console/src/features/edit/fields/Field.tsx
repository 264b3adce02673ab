import type { ReactNode } from "react";
import { fieldRules } from "@/api/rules.gen";
import type { Rule } from "@/api/rules";
import type { Field } from "../fields";
import { RequiredMark } from "@/parts/RequiredMark";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useWithLabels } from "@/words/useWithLabels";
import { useFormApi } from "../FormContext";
import { controlId } from "../useForm";
import "./Field.css";

export interface FieldProps {
  field: Field;
  hint?: string;
  /** Stands under the error, such as a way out of it. */
  note?: ReactNode;
  /** Over the whole width of its group. */
  wide?: boolean;
}

/** What ties a control to its label, hint and error. */
export function useControl(field: Field, hint?: string) {
  const { errorOf } = useFormApi();
  const error = errorOf(field);
  const id = controlId(field);
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return {
    error,
    control: {
      id,
      "aria-invalid": error ? (true as const) : undefined,
      "aria-describedby": told === "" ? undefined : told,
      "aria-required": (fieldRules.instance[field] as Rule).required ? (true as const) : undefined,
    },
  };
}

/** A field's label, control, hint and error; the place of the error is kept by the hint where there is one. */
export function FieldBox({
  field,
  hint,
  note,
  wide = false,
  group = false,
  children,
}: FieldProps & { group?: boolean; children: ReactNode }) {
  const name = useFieldLabel()(field);
  const { errorOf } = useFormApi();
  const error = errorOf(field);
  const withNames = useWithLabels();
  const mark = (fieldRules.instance[field] as Rule).required && <RequiredMark />;
  return (
    <div className={wide ? "edit-field edit-wide" : "edit-field"}>
      {group ? (
        <span className="edit-label" id={`${controlId(field)}-label`}>
          {name}
          {mark}
        </span>
      ) : (
        <label className="edit-label" htmlFor={controlId(field)}>
          {name}
          {mark}
        </label>
      )}
      {children}
      {hint && (
        <p className="edit-hint" id={`${controlId(field)}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="edit-error" id={`${controlId(field)}-error`} role="alert">
          {withNames(error)}
        </p>
      )}
      {error && note}
    </div>
  );
}
