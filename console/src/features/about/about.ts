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
