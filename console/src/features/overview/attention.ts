import type { Overview } from "./queries";

export type AttentionKind = keyof Overview["attention"];

/** From what may be an attack or an outage to what is untidy; the order never changes, so that nothing jumps. */
export const KINDS = [
  "identity_pending",
  "login_suspended",
  "certificates_expiring",
  "roles_changed",
  "plaintext",
  "legacy_tls",
  "same_node",
  "no_credential",
  "never_checked",
  "stale",
] as const satisfies readonly AttentionKind[];

/** Whole days until a moment; negative when it has passed. */
export const daysUntil = (at: string, now: number): number => Math.floor((Date.parse(at) - now) / 86_400_000);
