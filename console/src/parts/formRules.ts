import type { FormRule } from "antd";
import { fits, type Rule } from "@/api/rules";
import { useFormTexts } from "./formTexts";

export type Fault =
  | { kind: "required" }
  | { kind: "tooShort"; least: number }
  | { kind: "tooLong"; most: number }
  | { kind: "wrongCharacters" }
  | { kind: "range"; least: number; most: number };

/** What is wrong with what a field holds by a rule of the API, or null. Characters are counted as the API does: by code points. */
export function faultOf(rule: Rule, value: string): Fault | null {
  const length = [...value].length;
  if (length === 0) return rule.required ? { kind: "required" } : null;
  if (rule.minLength !== undefined && length < rule.minLength)
    return { kind: "tooShort", least: rule.minLength };
  if (rule.maxLength !== undefined && length > rule.maxLength)
    return { kind: "tooLong", most: rule.maxLength };
  if (!fits(rule, value)) return { kind: "wrongCharacters" };
  const { minimum: least, maximum: most } = rule;
  if (least !== undefined && most !== undefined) {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) return { kind: "range", least, most };
  }
  return null;
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" || value ? String(value) : "";

/** `ruleFor(fieldRules.user.username)`: a rule of the API in the words of a form; `pattern` tells what the pattern asks. */
export function useFormRules(): (rule: Rule, told?: { pattern?: string }) => FormRule[] {
  const t = useFormTexts();
  return (rule, told) => [
    {
      required: rule.required ?? false,
      validator: (_, value: unknown) => {
        const fault = faultOf(rule, asText(value));
        if (fault === null) return Promise.resolve();
        if (fault.kind === "wrongCharacters" && told?.pattern) return Promise.reject(new Error(told.pattern));
        const { kind, ...values } = fault;
        return Promise.reject(new Error(t(kind, values)));
      },
    },
  ];
}
