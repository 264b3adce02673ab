import type { Field } from "../fields";

/** The fields that stand folded among what a connection needs. */
export const CONNECTION = [
  "tls_mode",
  "tls_ca",
  "tls_client_cert",
  "tls_client_key",
  "tls_legacy",
  "connect_timeout_ms",
  "statement_timeout_ms",
  "deadline_ms",
] as const satisfies readonly Field[];

/** The fields in the order in which they stand, so that the first wrong one can be found. */
export const ORDER: readonly Field[] = [
  "name",
  "db_type",
  "host",
  "port",
  "service_name",
  "sid",
  "instance_name",
  "database_name",
  "environment",
  "cluster_id",
  "platform",
  "endpoint_kind",
  "location",
  "owner",
  "contact",
  "criticality",
  "lifecycle",
  "is_active",
  "credential_id",
  "admin_credential_id",
  "tag_names",
  "description",
  ...CONNECTION,
  "external_ids",
  "custom",
  "muted_until",
];
