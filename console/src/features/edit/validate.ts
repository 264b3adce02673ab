import { fieldRules } from "@/api/rules.gen";
import { fits, type Rule } from "@/api/rules";
import { type Field, FIELDS, isShown, type Pair, type Values } from "./fields";

/** What is wrong with a value, as the key of its sentence and what fills it in. */
export interface Fault {
  key:
    | "missing"
    | "tooShort"
    | "tooLong"
    | "nameFormat"
    | "hostFormat"
    | "format"
    | "notInteger"
    | "outOfRange"
    | "notAChoice"
    | "tooMany"
    | "keyMissing"
    | "keyTwice"
    | "notANumber";
  values?: Record<string, string | number>;
}

const RULES = fieldRules.instance as Record<Field, Rule>;
/** What a field asks for, where it can be said better than that something is not allowed. */
const FORMS: Partial<Record<Field, Fault["key"]>> = { name: "nameFormat", host: "hostFormat" };

function numberFault(rule: Rule, text: string): Fault | null {
  if (!/^-?\d+$/.test(text)) return { key: "notInteger" };
  const [least, most] = [rule.minimum ?? -Infinity, rule.maximum ?? Infinity];
  if (Number(text) >= least && Number(text) <= most) return null;
  return { key: "outOfRange", values: { least, most } };
}

function textFault(field: Field, rule: Rule, text: string): Fault | null {
  // The API counts characters, not the halves of those beyond the basic plane.
  const length = [...text].length;
  if (length < (rule.minLength ?? 0)) return { key: "tooShort", values: { least: rule.minLength ?? 0 } };
  if (length > (rule.maxLength ?? Infinity)) return { key: "tooLong", values: { most: rule.maxLength ?? 0 } };
  if (rule.enum && !rule.enum.includes(text)) return { key: "notAChoice" };
  return fits(rule, text) ? null : { key: FORMS[field] ?? "format" };
}

function pairsFault(pairs: readonly Pair[]): Fault | null {
  const keys = pairs.map((one) => one.key.trim());
  const twice = keys.find((key, at) => key !== "" && keys.indexOf(key) !== at);
  if (keys.includes("")) return { key: "keyMissing" };
  if (twice !== undefined) return { key: "keyTwice", values: { key: twice } };
  const wrong = pairs.find(
    (one) => one.kind === "number" && (one.value.trim() === "" || !Number.isFinite(Number(one.value))),
  );
  return wrong ? { key: "notANumber", values: { key: wrong.key } } : null;
}

/** What is wrong with one field by the rules of the OpenAPI document; null where nothing is. */
export function faultOf(field: Field, values: Values): Fault | null {
  const rule = RULES[field];
  const value = values[field];
  if (field === "custom" || field === "external_ids") return pairsFault(values[field]);
  if (Array.isArray(value)) {
    const most = rule.maxItems ?? Infinity;
    return value.length > most ? { key: "tooMany", values: { most } } : null;
  }
  if (typeof value === "boolean" || value === null) return null;
  const text = value.trim();
  if (text === "") return rule.required ? { key: "missing" } : null;
  if (rule.kind === "integer") return numberFault(rule, text);
  return rule.kind === "time" ? null : textFault(field, rule, text);
}

/** All that is wrong, in the order of the form. */
export function faultsOf(values: Values, base: Values | null): Partial<Record<Field, Fault>> {
  const found: Partial<Record<Field, Fault>> = {};
  for (const field of FIELDS) {
    const fault = isShown(field, values, base) ? faultOf(field, values) : null;
    if (fault) found[field] = fault;
  }
  return found;
}
