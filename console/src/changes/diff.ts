import type { AuditEvent } from "@/api/types";

export interface Line {
  text: string;
  /** Whether it stands on this side only. */
  differs: boolean;
}

export interface FieldDiff {
  field: string;
  kind: "secret" | "added" | "removed" | "changed";
  /** Null where there was nothing. */
  before: Line[] | null;
  after: Line[] | null;
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One value as text: a thing by its name and id, everything else as it is. */
export function wordOf(value: unknown): string {
  if (isObject(value) && typeof value["name"] === "string" && Object.keys(value).length <= 2)
    return value["id"] === undefined ? value["name"] : `${value["name"]} (#${String(value["id"])})`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The lines of a value: one an entry of a list or a member of an object. */
function linesOf(value: unknown): string[] {
  if (isNothing(value)) return [];
  if (Array.isArray(value)) return value.map(wordOf);
  if (isObject(value) && typeof value["name"] !== "string")
    return Object.entries(value).map(([key, each]) => `${key}: ${wordOf(each)}`);
  return wordOf(value).split("\n");
}

function side(own: string[], other: string[]): Line[] | null {
  if (own.length === 0) return null;
  const there = new Set(other);
  return own.map((text) => ({ text, differs: !there.has(text) }));
}

/** What an event changed, field by field, its values as `say` puts them; of a secret only that it changed. */
export function diffOf(
  changes: AuditEvent["changes"],
  say: (field: string, value: unknown) => unknown = (_, value) => value,
): FieldDiff[] {
  return changes.flatMap((change): FieldDiff[] => {
    if (change.secret) return [{ field: change.field, kind: "secret", before: null, after: null }];
    const was = linesOf(say(change.field, change.before));
    const is = linesOf(say(change.field, change.after));
    if (was.length === 0 && is.length === 0) return [];
    const kind = was.length === 0 ? "added" : is.length === 0 ? "removed" : "changed";
    return [{ field: change.field, kind, before: side(was, is), after: side(is, was) }];
  });
}

/** What a line has room for: the first changes that changed something, and how many more there are. */
export function firstOf(
  changes: AuditEvent["changes"],
  most: number,
): { shown: AuditEvent["changes"]; more: number } {
  const real = changes.filter((one) => one.secret || !isNothing(one.before) || !isNothing(one.after));
  return { shown: real.slice(0, most), more: Math.max(0, real.length - most) };
}

/** What undoing such an event takes, as the API asks; absent for what it cannot undo. */
const UNDOING = {
  "instance.update": "update",
  "instance.delete": "update",
  "instance.restore": "delete",
  "tag.update": "update",
  "environment.update": "update",
  "cluster.update": "update",
  "credential.update": "credentials",
  "credential.bind": "credentials",
} as const;

export function undoingNeeds(
  event: Pick<AuditEvent, "action" | "changes">,
): (typeof UNDOING)[keyof typeof UNDOING] | null {
  if (event.changes.length === 0 || event.changes.some((one) => one.secret)) return null;
  return UNDOING[event.action as keyof typeof UNDOING] ?? null;
}
