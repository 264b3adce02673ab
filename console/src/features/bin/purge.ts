import { api, ask } from "@/api/client";
import { isApiError } from "@/api/errors";
import { etag, type Why, whyHeaders } from "@/api/headers";
import type { BatchEnd } from "@/features/instances-actions/batch";
import type { Binned } from "./queries";

export type Purged = Pick<Binned, "id" | "name" | "version">;
type PurgeOne = (one: Purged, why: Why) => Promise<unknown>;

/** Of the version that was looked at: what somebody restored or changed meanwhile stays. */
const purgeOne: PurgeOne = ({ id, version }, why) =>
  ask(
    api.POST("/instances/{instance_id}/purge", {
      params: { path: { instance_id: id }, header: { ...whyHeaders(why), "If-Match": etag(version) } },
      body: {},
    }),
  );

/** Refusals that are of one instance; with any other the rest would fail as well. */
const OF_ONE: ReadonlySet<number> = new Set([400, 404, 409, 412]);

/** Purges one after the other. What was done before a failure is told; `onDone` says how many there were so far. */
export async function purgeMany(
  targets: readonly Purged[],
  why: Why,
  onDone: (done: number) => void = () => undefined,
  purge: PurgeOne = purgeOne,
): Promise<BatchEnd> {
  const results: BatchEnd["results"] = [];
  for (const [index, one] of targets.entries()) {
    const result = { index, op: "purge", id: one.id, name: one.name };
    try {
      await purge(one, why);
      results.push({ ...result, status: "deleted", errors: [] });
    } catch (error) {
      if (!isApiError(error) || !OF_ONE.has(error.status))
        return { results, error, unsent: targets.length - index, warnings: [] };
      const fault = { field: "id", code: error.code ?? "", message: error.message };
      results.push({ ...result, status: "error", errors: [fault] });
    }
    onDone(index + 1);
  }
  return { results, error: null, unsent: 0, warnings: [] };
}
