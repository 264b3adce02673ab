import type { AuditEvent } from "@/api/types";

type Change = AuditEvent["changes"][number];
const LONGEST = 28;

/** A value that fits into a line; null for what does not. */
function short(value: unknown): string | null {
  if (value === null || value === undefined) return "—";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return null;
  const text = String(value);
  return text.length <= LONGEST ? text : null;
}

/** "criticality 3 → 2"; of a secret, a list or a long text that it changed, which is its name alone. */
export function changeText(change: Change, labelOf: (field: string) => string): string {
  const label = labelOf(change.field);
  if (change.secret) return label;
  const [before, after] = [short(change.before), short(change.after)];
  return before === null || after === null ? label : `${label} ${before} → ${after}`;
}

/** A change that Muster made by itself, such as `job:check`, was made by nobody who has a name. */
export const isJob = (username: string): boolean => username.startsWith("job:");

/** What was done, as a word of ours; of an action that is new to us nothing. */
export const DONE = ["create", "update", "delete", "restore", "purge", "detect", "accept_identity"] as const;
export type Done = (typeof DONE)[number];

export function doneOf(action: string): Done | null {
  const verb = action.slice(action.lastIndexOf(".") + 1);
  return DONE.find((one) => one === verb) ?? null;
}
