import type { Bindings } from "./bindings";
import type { Reach } from "./queries";

/** One line of the bindings, as it is shown. */
export interface Entry {
  kind: keyof Bindings;
  at: number;
  words: string;
  note?: string;
}

/** How many instances lie within an entry; undefined where the bindings that were counted do not have it. */
export function withinOf(
  reach: Reach,
  bindings: Bindings,
  { kind, at }: Pick<Entry, "kind" | "at">,
): number | undefined {
  if (kind !== "endpoints")
    return reach[kind].find((one) => one.value === bindings[kind][at])?.instance_count;
  const { db_type, host, port } = bindings.endpoints[at] ?? {};
  return reach.endpoints.find((one) => one.db_type === db_type && one.host === host && one.port === port)
    ?.instance_count;
}

/** What it means that an entry goes; an engine narrows the others, so that the last one opens them. */
export function hintOf(bindings: Bindings, { kind }: Pick<Entry, "kind">, within: number | undefined) {
  if (kind === "engines") return bindings.engines.length === 1 ? "removeLastEngine" : "removeEngine";
  return within === 0 ? "removeUnused" : "removeHint";
}
