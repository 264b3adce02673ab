import { api, ask } from "@/api/client";
import { NO_WHY, type Why, whyHeaders } from "@/api/headers";
import type { components } from "@/api/schema";
import type { Notice } from "@/api/types";

type Operation = components["schemas"]["Operation"];
type BatchResult = components["schemas"]["BatchResult"];

/** Operations in one call: a few seconds of work, so that progress shows. */
const AT_ONCE = 500;

export interface BatchEnd {
  results: BatchResult[];
  /** Why the rest was not sent. */
  error: unknown;
  /** How many were not sent. */
  unsent: number;
  /** What is worth a second look, such as where a credential may be sent from now on. */
  warnings: Notice[];
}

/** Carry out operations, each for itself: what is sound is written. What was done before a failure is told. */
export async function runBatch(
  operations: readonly Operation[],
  why: Why = NO_WHY,
  onProgress: (done: number) => void = () => undefined,
): Promise<BatchEnd> {
  const params = { header: whyHeaders(why) };
  const results: BatchResult[] = [];
  const warnings: Notice[] = [];
  for (let at = 0; at < operations.length; at += AT_ONCE) {
    const body = { atomic: false, operations: operations.slice(at, at + AT_ONCE) };
    try {
      const { data, meta } = await ask(api.POST("/instances/batch", { params, body }));
      results.push(...data.results);
      warnings.push(...(meta?.warnings ?? []));
    } catch (error) {
      return { results, error, unsent: operations.length - at, warnings };
    }
    onProgress(Math.min(operations.length, at + AT_ONCE));
  }
  return { results, error: null, unsent: 0, warnings };
}

export type BatchAction = "tag" | "untag" | "delete" | "restore";

/** The operations of a batch that carry out a plan; `tags` are the names of those to add or to remove. */
export function operationsOf(
  action: BatchAction,
  ids: readonly number[],
  tags: readonly string[] = [],
): Operation[] {
  const data = action === "tag" || action === "untag" ? { tag_names: [...tags] } : {};
  return ids.map((id) => ({ op: action, id, name: null, filter: null, data }));
}
