import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";
import type { AuditFilters } from "./filters";

export type Chain = components["schemas"]["Chain"];

export const eventsQuery = (filters: AuditFilters, page: number, limit: number) =>
  queryOptions({
    queryKey: ["audit-events", filters, page, limit],
    queryFn: async ({ signal }) => {
      const query = { ...filters, page, limit };
      return (await ask(api.GET("/audit-events", { params: { query }, signal }))).data;
    },
    placeholderData: keepPreviousData,
  });

export const eventQuery = (id: number) =>
  queryOptions({
    queryKey: ["audit-event", id],
    queryFn: async ({ signal }) => {
      const params = { path: { event_id: id } };
      return (await ask(api.GET("/audit-events/{event_id}", { params, signal }))).data.audit_event;
    },
    staleTime: Infinity,
  });

export const chainQuery = queryOptions({
  queryKey: ["audit-chain"],
  queryFn: async ({ signal }): Promise<Chain> =>
    (await ask(api.GET("/audit-events/chain", { signal }))).data.chain,
});

/** Users by name, for who may list them; as many as the API gives at once. */
export const actorsQuery = queryOptions({
  queryKey: ["users", "actors"],
  queryFn: async ({ signal }) =>
    (await ask(api.GET("/users", { params: { query: { limit: 100 } }, signal }))).data.items.map(
      ({ id, username }) => ({ id, username }),
    ),
  staleTime: 60_000,
});
