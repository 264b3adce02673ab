import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Overview = Schemas["Overview"];
export type FailureGroup = Schemas["FailureGroup"];
export type Shown = Schemas["Shown"];

const EVERY_MS = 30_000;
/** As many as one answer of the list holds. */
const PAGE = 100;

/** The overview; asked for anew every 30 s while the window is seen, the old one stands until the new one is there. */
export const overviewQuery = (question: { environment?: string[]; owner?: string[] }) =>
  queryOptions({
    queryKey: ["overview", question],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/overview", { params: { query: question }, signal }))).data.overview,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: "always",
  });

const OWNER_PAGES = 5;

/** Owners in their order, of the first instances by owner: the API has no list of owners, and no search among them. */
export const ownersQuery = queryOptions({
  queryKey: ["instances", "owners"],
  queryFn: async ({ signal }) => {
    const owners = new Set<string>();
    for (let page = 1; page <= OWNER_PAGES; page += 1) {
      const query = { fields: ["owner" as const], sort: "owner" as const, order: "asc" as const };
      const { items } = (
        await ask(
          api.GET("/instances", { params: { query: { ...query, limit: PAGE, page, count: false } }, signal }),
        )
      ).data;
      for (const { owner } of items) if (owner) owners.add(owner);
      if (items.length < PAGE) break;
    }
    return [...owners];
  },
  staleTime: 60_000,
});

/** As many as one "check again" takes: who wants more does it from the list, with the list's progress. */
export const MOST_CHECKS = 200;

/** The ids of the first instances that a filter of the overview finds. */
export async function idsOf(filter: Overview["filter"], signal: AbortSignal): Promise<number[]> {
  const ids: number[] = [];
  for (let page = 1; ids.length < MOST_CHECKS; page += 1) {
    const query = { ...filter, fields: ["id"], sort: "id", order: "asc", limit: PAGE, page, count: false };
    // The filter is an answer of the API and fits its own parameters.
    const { items } = (await ask(api.GET("/instances", { params: { query: query as never }, signal }))).data;
    ids.push(...items.map((item) => item.id));
    if (items.length < PAGE) break;
  }
  return ids.slice(0, MOST_CHECKS);
}
