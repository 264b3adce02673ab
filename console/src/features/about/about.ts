import type { About } from "@/api/about";
import { ApiError } from "@/api/errors";

export const PARTS = ["database", "schema", "keys"] as const;
export type Part = (typeof PARTS)[number];
export type PartState = "ok" | "failed" | "unknown";

/** The state of each part: a failure names one part, and of those after it nothing is known. */
export function partStates(ready: boolean, error: unknown): Record<Part, PartState> {
  const part = error instanceof ApiError ? error.extra["part"] : undefined;
  const at = (PARTS as readonly unknown[]).indexOf(part);
  return Object.fromEntries(
    PARTS.map((one, index): [Part, PartState] => [
      one,
      ready ? "ok" : at === -1 || index > at ? "unknown" : index === at ? "failed" : "ok",
    ]),
  ) as Record<Part, PartState>;
}

export interface Reason {
  why: string;
  remedy: string;
  /** The engines that it holds for, by the names of the API. */
  of: string[];
}

/** Why Muster does not log in to some engines, each reason once. */
export function withoutLogin(
  engines: readonly Pick<About["engines"][number], "db_type" | "unavailable">[],
): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { db_type, unavailable } of engines) {
    if (unavailable === null) continue;
    const { message: why, remedy } = unavailable;
    const known = reasons.get(`${why} ${remedy}`);
    if (known) known.of.push(db_type);
    else reasons.set(`${why} ${remedy}`, { why, remedy: remedy ?? "", of: [db_type] });
  }
  return [...reasons.values()];
}
