import type { FormInstance } from "antd";
import { ApiError } from "@/api/errors";

export interface Placing {
  /** Reasons of conflicts by the field that caused them: `{"user.name_taken": "username"}`. */
  reasons?: Readonly<Record<string, string>>;
  /** The form's field for the API's: `bindings.hosts.0` → `places`. */
  fieldOf?: (field: string) => string;
  /** The words for an error of the API's field, where the field's own message does not name the entry. */
  wordsOf?: (field: string, message: string) => string;
}

export interface PlacedError {
  name: string;
  errors: string[];
}

/** The errors of an answer by the fields of a form; null where one of them belongs to none. */
export function errorsByField(
  error: unknown,
  hasField: (name: string) => boolean,
  { reasons = {}, fieldOf = (field) => field.split(".")[0] ?? field, wordsOf = (_, said) => said }: Placing,
): PlacedError[] | null {
  if (!(error instanceof ApiError)) return null;
  const reasoned = reasons[error.reason];
  const found = reasoned
    ? [{ name: reasoned, message: error.message }]
    : error.status === 400
      ? error.fields.map((one) => ({ name: fieldOf(one.field), message: wordsOf(one.field, one.message) }))
      : [];
  if (found.length === 0 || !found.every((one) => hasField(one.name))) return null;
  const names = [...new Set(found.map((one) => one.name))];
  return names.map((name) => ({
    name,
    errors: found.filter((one) => one.name === name).map((one) => one.message),
  }));
}

/** Show the errors at the fields and go to the first; false where one of them belongs to no field. */
export function placeErrors(form: FormInstance, error: unknown, placing: Placing = {}): boolean {
  const fields = errorsByField(error, (name) => name in form.getFieldsValue(), placing);
  const first = fields?.[0];
  if (!fields || !first) return false;
  form.setFields(fields);
  form.scrollToField(first.name, { focus: true });
  return true;
}
