import type { QueryClient } from "@tanstack/react-query";
import type { Check } from "@/api/types";
import type { Item } from "../queries";

/** Put what a check found into a row, as the list would say it. */
export function withCheck(item: Item, check: Check): Item {
  const { outcome, cause, started_at: at } = check;
  return {
    ...item,
    last_outcome: outcome,
    last_cause: cause,
    last_attempt_at: at,
    ...(outcome === "ok" || outcome === "degraded" ? { last_success_at: at } : {}),
    ...(outcome === "failed" ? { last_error_at: at } : {}),
  };
}

/** The same in every page of the list that was read. */
export function showCheck(queries: QueryClient, instanceId: number, check: Check): void {
  queries.setQueriesData<Item[]>({ queryKey: ["instances", "list"] }, (page) =>
    page?.some((one) => one.id === instanceId)
      ? page.map((one) => (one.id === instanceId ? withCheck(one, check) : one))
      : page,
  );
}
