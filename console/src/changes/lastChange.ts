import { api, ask } from "@/api/client";
import type { AuditEvent } from "@/api/types";
import { useCan } from "@/session/me";
import type { Who } from "./actor";

/** What is told of a thing and leaves its version as it is. */
const TOLD_ALONE = new Set(["credential.use", "instance.accept_identity"]);

/** Who made the newest version; what a job of Muster saw is no change of anybody's. */
export const lastAuthorOf = (newestFirst: readonly AuditEvent[]): AuditEvent | null =>
  newestFirst.find((one) => one.source !== "job" && !TOLD_ALONE.has(one.action)) ?? null;

/** `ask("tag", 7)`: who changed a thing last, as far as the audit log says it; null for who may not read that. */
export function useLastChange(): (entityType: string, id: number) => Promise<Who | null> {
  const mayAsk = useCan()("audit");
  return async (entity_type, entity_id) => {
    if (!mayAsk) return null;
    const query = { entity_type, entity_id, limit: 20 };
    const found = await ask(api.GET("/audit-events", { params: { query } })).catch(() => null);
    return (found && lastAuthorOf(found.data.items)?.actor) ?? null;
  };
}

/** Whose a change is to who looks at it: it may well be one's own, made in another tab. */
export function authorOf(who: Who | null, me: { id: number } | null): "own" | "other" | "unknown" {
  if (who === null) return "unknown";
  return who.id !== null && who.id === me?.id ? "own" : "other";
}
