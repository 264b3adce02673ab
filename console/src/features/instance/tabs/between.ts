import type { AuditEvent, Instance } from "@/api/types";
import { diffOf, type FieldDiff } from "@/changes/diff";
import type { Say } from "@/words/useSay";

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

/** What differs between an instance then and now, its values as `say` puts them. */
export function diffBetween(then: Decided, now: Decided, say?: Say): FieldDiff[] {
  const was = asTold(then);
  const is = asTold(now);
  return diffOf(
    Object.keys(is).map((field) => ({
      field,
      before: was[field] ?? null,
      after: is[field] ?? null,
      secret: false,
    })) as AuditEvent["changes"],
    say,
  ).filter((one) => [one.before, one.after].some((side) => side?.some((line) => line.differs)));
}
