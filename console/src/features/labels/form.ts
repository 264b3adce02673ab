import type { Rule as FormRule } from "antd/es/form";
import type { Rule } from "@/api/rules";
import type { LabelText } from "./texts";

/** A rule of the API as rules of a form, with sentences of ours. */
export function formRules(rule: Rule, t: LabelText, patternSaid?: string): FormRule[] {
  const rules: FormRule[] = [];
  if (rule.required) rules.push({ required: true, whitespace: rule.kind === "text", message: t("required") });
  if (rule.maxLength !== undefined)
    rules.push({ max: rule.maxLength, message: t("tooLong", { most: rule.maxLength }) });
  if (rule.pattern !== undefined)
    rules.push({ pattern: new RegExp(rule.pattern, "u"), message: patternSaid ?? t("badPattern") });
  if (rule.minimum !== undefined && rule.maximum !== undefined) {
    const { minimum, maximum } = rule;
    rules.push({
      validator: (_, value: unknown) =>
        value === null ||
        value === undefined ||
        value === "" ||
        (Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum)
          ? Promise.resolve()
          : Promise.reject(new Error(t("range", { least: minimum, most: maximum }))),
    });
  }
  return rules;
}

type Values = Record<string, unknown>;

/** What a form holds as a body: an emptied field is null, a field that is absent stays absent. */
export function bodyOf<B extends object>(values: Values): B {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, value === "" ? null : value]),
  ) as B;
}

/** Only what differs from `before`: what somebody else changed meanwhile in other fields is left alone. */
export function changedOf<B extends object>(before: object, body: B): Partial<B> {
  const was = before as Values;
  return Object.fromEntries(
    Object.entries(body).filter(([field, value]) => (was[field] ?? null) !== value),
  ) as Partial<B>;
}

export interface Difference {
  field: string;
  theirs: unknown;
  yours: unknown;
}

/** In which fields the thing, as it is now, is not what the form says. */
export function differences(now: object, body: object): Difference[] {
  const current = now as Values;
  return Object.entries(body)
    .filter(([field, value]) => (current[field] ?? null) !== value)
    .map(([field, yours]) => ({ field, theirs: current[field] ?? null, yours: yours as unknown }));
}
