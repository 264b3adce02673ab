import { fits, type Rule } from "@/api/rules";

export type FaultCode =
  | "unknown"
  | "missing"
  | "number"
  | "range"
  | "choice"
  | "boolean"
  | "time"
  | "long"
  | "form"
  | "single"
  | "many";

/** Why a word of the filter is not applied; `values` fill the sentence. */
export interface Fault {
  code: FaultCode;
  values: Record<string, string | number>;
}

const YES = new Set(["true", "yes", "1", "on", "是"]);
const NO = new Set(["false", "no", "0", "off", "否"]);
const RANGE = /^(\d*)\.\.(\d*)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const AGE = /^(\d{1,5})([mhdw])$/;
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const fault = (code: FaultCode, values: Fault["values"] = {}): Fault => ({ code, values });

/** The moment that a typed time means, as the API takes it: a day (local), a moment, or an age such as "7d". */
export function momentOf(value: string, { end, now }: { end: boolean; now: number }): string | null {
  const age = AGE.exec(value);
  if (age) {
    // To the minute, so that the same words give the same question for a while.
    const at = now - Number(age[1]) * (UNITS[age[2] ?? ""] ?? 0);
    return new Date(Math.floor(at / 60_000) * 60_000).toISOString();
  }
  if (!DAY.test(value) && !MOMENT.test(value)) return null;
  const read = new Date(
    DAY.test(value) ? `${value}T${end ? "23:59:59.999" : "00:00:00"}` : value.replace(" ", "T"),
  );
  return Number.isNaN(read.getTime()) ? null : read.toISOString();
}

/** `1..3` as the numbers that it stands for; an open end goes to the limit of the field. */
function rangeOf(rule: Rule, from: string, to: string): string[] | null {
  const low = from === "" ? rule.minimum : Number(from);
  const high = to === "" ? rule.maximum : Number(to);
  if (low === undefined || high === undefined || high < low || high - low >= (rule.maxItems ?? 1))
    return null;
  return Array.from({ length: high - low + 1 }, (_, index) => String(low + index));
}

function integer(rule: Rule, raw: string): string[] | Fault {
  const range = rule.many ? RANGE.exec(raw) : null;
  const all = range ? rangeOf(rule, range[1] ?? "", range[2] ?? "") : [raw];
  if (all === null || all.some((one) => !/^-?\d{1,19}$/.test(one))) return fault("number");
  const low = rule.minimum ?? 0;
  const high = rule.maximum ?? Number.MAX_SAFE_INTEGER;
  if (all.some((one) => Number(one) < low || Number(one) > high)) {
    return high > Number.MAX_SAFE_INTEGER ? fault("number") : fault("range", { minimum: low, maximum: high });
  }
  return all.map((one) => String(Number(one)));
}

function text(rule: Rule, raw: string): string[] | Fault {
  if (rule.maxLength !== undefined && [...raw].length > rule.maxLength)
    return fault("long", { most: rule.maxLength });
  return fits(rule, raw) ? [raw] : fault("form");
}

/** What one typed value means to the API, or why it means nothing. */
export function readValue(rule: Rule, raw: string): string[] | Fault {
  if (raw === "") return rule.nullable ? [""] : fault("missing");
  switch (rule.kind) {
    case "boolean": {
      const low = raw.toLowerCase();
      if (YES.has(low)) return ["true"];
      return NO.has(low) ? ["false"] : fault("boolean");
    }
    case "enum":
      return rule.enum?.includes(raw) ? [raw] : fault("choice");
    case "integer":
      return integer(rule, raw);
    case "time":
      return momentOf(raw, { end: false, now: Date.now() }) === null ? fault("time") : [raw];
    default:
      return text(rule, raw);
  }
}
