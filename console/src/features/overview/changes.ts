import type { components } from "@/api/schema";
import type { AuditEvent } from "@/api/types";
import type { Search } from "@/app/search";
import { DASH } from "@/parts/format";
import type { Say } from "@/words/useSay";

export type RecentChange = components["schemas"]["RecentChange"];
export type ChangeGroup = NonNullable<RecentChange["group"]>;

type Change = AuditEvent["changes"][number];
const LONGEST = 28;

/** A value that fits into a line; null for what does not. */
function short(value: unknown): string | null {
  if (value === null || value === undefined) return DASH;
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return null;
  const text = String(value);
  return text.length <= LONGEST ? text : null;
}

/** "criticality 3 → 2"; of a secret, a list or a long text that it changed, which is its name alone. */
export function changeText(change: Change, labelOf: (field: string) => string, say: Say): string {
  const { field } = change;
  const label = labelOf(field);
  if (change.secret) return label;
  const [before, after] = [short(say(field, change.before)), short(say(field, change.after))];
  return before === null || after === null ? label : `${label} ${before} → ${after}`;
}

/** What a check saw is told of the check, and of nobody who has a name. */
export const isByCheck = (username: string): boolean => username === "job:check";

/** What was done, in words that stand before a name; of an action that is new to us nothing. */
export const DONE = [
  "create",
  "update",
  "delete",
  "restore",
  "purge",
  "detect",
  "accept_identity",
  "change_identity",
  "change_role",
] as const;
export type Done = (typeof DONE)[number];

export function doneOf(action: string): Done | null {
  const verb = action.slice(action.lastIndexOf(".") + 1);
  return DONE.find((one) => one === verb) ?? null;
}

/** The list of all that an import wrote, with what was put into the recycle bin since, as by its undoing. */
export const importSearch = (importId: number): Search => ({
  import_id: String(importId),
  include_deleted: "true",
});

/** The events of one call in the audit log: those of its moment, which the log takes to the millisecond. */
export function callSearch(event: AuditEvent): Search {
  const at = Date.parse(event.at);
  return {
    entity_type: event.entity_type,
    action: event.action,
    since: new Date(at).toISOString(),
    until: new Date(at + 1).toISOString(),
    ...(event.actor.id === null ? {} : { actor_id: String(event.actor.id) }),
  };
}
