import type { components } from "@/api/schema";
import { fieldRules } from "@/api/rules.gen";
import type { ImportRow } from "./types";

export type Endpoint = components["schemas"]["CheckEndpoint"];

/** How many endpoints one sample holds at most, and how many are checked at a time. */
export const MOST = 20;

/** The endpoint of a row that would be new, as a check takes it; null where the row holds none. */
export function endpointOf(row: ImportRow): Endpoint | null {
  const known = new Set(Object.keys(fieldRules.endpoint));
  const values: Record<string, unknown> = {};
  for (const { field, after, secret } of row.changes) {
    if (after === null || after === undefined || secret) continue;
    if (field === "credential") values["credential_id"] = (after as { id?: number }).id;
    else if (known.has(field)) values[field] = after;
  }
  return "host" in values && "db_type" in values && "port" in values ? (values as Endpoint) : null;
}

/** What rows have in common when they fail for the same reason: engine, login, and the network of the host. */
function family(row: ImportRow): string {
  const endpoint = endpointOf(row);
  const host = endpoint?.host ?? "";
  const network = /^[\d.]+$/.test(host)
    ? host.split(".").slice(0, 2).join(".")
    : host.split(".").slice(1).join(".");
  return [endpoint?.db_type, endpoint?.credential_id ?? "", network].join("|");
}

/** Rows of a sample: one of each family first, the largest families first, then round again; in the file's order. */
export function chooseSample(rows: readonly ImportRow[], most: number): ImportRow[] {
  const families = new Map<string, ImportRow[]>();
  for (const row of rows) {
    if (row.action !== "insert" || endpointOf(row) === null) continue;
    const key = family(row);
    families.set(key, [...(families.get(key) ?? []), row]);
  }
  const queues = [...families.values()].sort((a, b) => b.length - a.length);
  const found: ImportRow[] = [];
  for (let round = 0; found.length < most && queues.some((queue) => round < queue.length); round += 1) {
    for (const queue of queues) {
      const row = queue[round];
      if (row && found.length < most) found.push(row);
    }
  }
  return found.sort((a, b) => a.row - b.row);
}
