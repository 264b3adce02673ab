import type { Check, Instance } from "@/api/types";
import type { Cause } from "@/checks/ladder";

/** What in Muster mends a cause; `none` where only others can: then there is a ticket. */
export type Fix =
  | { kind: "credential"; credentialId: number }
  | { kind: "edit"; field: string }
  | { kind: "grant" }
  | { kind: "fingerprint" }
  | { kind: "again" }
  | { kind: "none" };

export type TicketKind = "firewall" | "rule" | "grant" | "server";

type Means = "credential" | "grant" | "fingerprint" | "again" | "none" | `edit:${string}`;

/** Causes by what mends them; a family counts for all its causes that do not stand here themselves. */
const MEANS: Partial<Record<Cause, Means>> = {
  "guard.credential_not_bound": "credential",
  "guard.cleartext_refused": "edit:tls_mode",
  "driver.option_unsupported": "edit:tls_ca",
  "resolve.try_again": "again",
  "connect.named_instance": "edit:instance_name",
  "greeting.other_engine": "edit:db_type",
  "tls.unknown_ca": "edit:tls_ca",
  "tls.unverified": "edit:tls_ca",
  "tls.host_mismatch": "edit:host",
  "tls.protocol_too_old": "edit:tls_legacy",
  "tls.no_common_cipher": "edit:tls_legacy",
  "tls.client_cert_required": "edit:tls_client_cert",
  "tls.client_cert_refused": "edit:tls_client_cert",
  "tls.cert_expired": "none",
  "tls.cert_not_yet_valid": "none",
  "tls.cert_expires_soon": "none",
  "tls.cert_revoked": "none",
  "tls.weak_certificate": "none",
  "login.no_credential": "edit:credential_id",
  "login.no_session_right": "grant",
  "service.blocked": "again",
  "query.timeout": "edit:statement_timeout_ms",
  "check.deadline": "edit:deadline_ms",
  "identity.changed": "fingerprint",
};
const FAMILIES: Record<string, Means> = {
  guard: "edit:host",
  resolve: "edit:host",
  connect: "edit:host",
  greeting: "edit:port",
  tls: "edit:tls_mode",
  login: "credential",
  database: "edit:database_name",
  service: "edit:service_name",
  server: "again",
  query: "again",
  privilege: "grant",
  check: "again",
  proxy: "again",
};

/** Where [Fix] leads for the cause of a check. */
export function fixOf(cause: Cause, instance: Pick<Instance, "credential_id">): Fix {
  const means = MEANS[cause] ?? FAMILIES[cause.split(".")[0] ?? ""] ?? "none";
  if (means.startsWith("edit:")) return { kind: "edit", field: means.slice("edit:".length) };
  if (means !== "credential") return { kind: means as "grant" | "fingerprint" | "again" | "none" };
  return instance.credential_id === null
    ? { kind: "edit", field: "credential_id" }
    : { kind: "credential", credentialId: instance.credential_id };
}

const FIREWALL = new Set<Cause>([
  "connect.refused",
  "connect.timeout",
  "connect.unreachable",
  "connect.closed",
]);
const RULE = new Set<Cause>(["access.host_not_allowed", "access.host_blocked", "login.refused"]);
const SERVERS_OWN = new Set(["tls", "login", "database", "server", "service", "proxy", "query"]);
const NOT_THEIRS = new Set<Cause>(["login.no_credential", "login.suspended", "tls.unverified"]);

/** Whom a ticket about the cause would go to; null where nobody else has to act. */
export function ticketOf(check: Pick<Check, "cause">): TicketKind | null {
  const { cause } = check;
  if (cause === null || NOT_THEIRS.has(cause)) return null;
  if (FIREWALL.has(cause)) return "firewall";
  if (RULE.has(cause)) return "rule";
  if (cause.startsWith("privilege.") || cause === "login.no_session_right") return "grant";
  return SERVERS_OWN.has(cause.split(".")[0] ?? "") ? "server" : null;
}
