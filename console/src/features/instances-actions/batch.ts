import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";

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
}

/** Carry out operations, each for itself: what is sound is written. What was done before a failure is told. */
export async function runBatch(
  operations: readonly Operation[],
  onProgress: (done: number) => void = () => undefined,
): Promise<BatchEnd> {
  const results: BatchResult[] = [];
  for (let at = 0; at < operations.length; at += AT_ONCE) {
    const body = { atomic: false, operations: operations.slice(at, at + AT_ONCE) };
    try {
      results.push(...(await ask(api.POST("/instances/batch", { body }))).data.results);
    } catch (error) {
      return { results, error, unsent: operations.length - at };
    }
    onProgress(Math.min(operations.length, at + AT_ONCE));
  }
  return { results, error: null, unsent: 0 };
}

export type BatchAction = "tag" | "untag" | "delete" | "restore";

export interface BatchChoices {
  /** Names of tags to add or to remove. */
  tags?: readonly string[];
  /** Why, for the audit log. */
  reason?: string;
}

/** The operations of a batch that carry out a plan. */
export function operationsOf(
  action: BatchAction,
  ids: readonly number[],
  { tags = [], reason = "" }: BatchChoices = {},
): Operation[] {
  const data =
    action === "tag" || action === "untag"
      ? { tag_names: [...tags] }
      : reason.trim()
        ? { reason: reason.trim() }
        : {};
  return ids.map((id) => ({ op: action, id, name: null, filter: null, data }));
}
