import type { AuditEvent, Instance } from "@/api/types";
import { plain } from "@/checks/ladder";

export interface FieldDiff {
  field: string;
  /** Null where there was nothing. */
  before: string | null;
  after: string | null;
  kind: "added" | "removed" | "changed" | "secret";
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** A value of the audit trail as text: a thing with a name by its name. */
export function shownValue(value: unknown): string | null {
  if (isNothing(value)) return null;
  if (Array.isArray(value)) return value.map((one) => shownValue(one) ?? "—").join(", ");
  if (typeof value === "object" && value !== null && "name" in value && Object.keys(value).length <= 2) {
    return String(value.name);
  }
  return plain(value);
}

/** Objects are compared key by key, so that one entry of many is seen: `custom.rack`. */
function flat(field: string, before: unknown, after: unknown): [string, unknown, unknown][] {
  const isPlainObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!["custom", "external_ids"].includes(field)) return [[field, before, after]];
  const was = isPlainObject(before) ? before : {};
  const is = isPlainObject(after) ? after : {};
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => [`${field}.${key}`, was[key], is[key]]);
}

/** What an event changed, field by field; what was nothing before and after is left out. */
export function diffOf(event: Pick<AuditEvent, "changes">): FieldDiff[] {
  return event.changes.flatMap((change): FieldDiff[] => {
    if (change.secret) return [{ field: change.field, before: null, after: null, kind: "secret" }];
    return flat(change.field, change.before, change.after).flatMap(([field, was, is]): FieldDiff[] => {
      const before = shownValue(was);
      const after = shownValue(is);
      if (before === after) return [];
      const kind = before === null ? "added" : after === null ? "removed" : "changed";
      return [{ field, before, after, kind }];
    });
  });
}

const REVERTIBLE = new Set(["instance.update", "instance.delete", "instance.restore"]);

/** Whether the API can undo the event by itself: it tells of a change, and of no secret. */
export function isRevertible(event: Pick<AuditEvent, "action" | "changes">): boolean {
  return REVERTIBLE.has(event.action) && !event.changes.some((change) => change.secret);
}

/** What people decide about an instance; the rest is what checks found, or bookkeeping. */
const DECIDED = [
  "name",
  "db_type",
  "host",
  "port",
  "database_name",
  "service_name",
  "sid",
  "instance_name",
  "status",
  "environment",
  "owner",
  "contact",
  "location",
  "criticality",
  "lifecycle",
  "endpoint_kind",
  "platform",
  "cluster",
  "credential",
  "admin_credential",
  "tls_mode",
  "tls_ca",
  "tls_client_cert",
  "tls_legacy",
  "connect_timeout_ms",
  "statement_timeout_ms",
  "deadline_ms",
  "muted_until",
  "description",
  "external_ids",
  "custom",
] as const satisfies readonly (keyof Instance)[];

interface Named {
  id: number;
  name: string;
}

type References = "cluster" | "credential" | "admin_credential";
type Decided = Omit<Pick<Instance, (typeof DECIDED)[number]>, References> &
  Record<References, Named | null> & { tags: readonly { name: string }[] };

const named = (of: Named | null): Named | null => of && { id: of.id, name: of.name };

/** An instance as the audit trail words it: what it refers to by id and name, tags by name. */
function asTold(of: Decided): Record<string, unknown> {
  return {
    ...Object.fromEntries(DECIDED.map((field) => [field, of[field]])),
    cluster: named(of.cluster),
    credential: named(of.credential),
    admin_credential: named(of.admin_credential),
    tag_names: of.tags.map((one) => one.name).sort(),
  };
}

/** What differs between an instance then and now. */
export function diffBetween(then: Decided, now: Decided): FieldDiff[] {
  const was = asTold(then);
  const is = asTold(now);
  return diffOf({
    changes: Object.keys(is).map((field) => ({
      field,
      before: was[field] ?? null,
      after: is[field] ?? null,
      secret: false,
    })) as AuditEvent["changes"],
  });
}
