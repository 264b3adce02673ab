import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";
import type { ListQuery } from "./address";

/** An instance with the fields that were asked for. */
export type Item = components["schemas"]["PartialInstance"];

type Parameters = Record<string, string | number | boolean | readonly string[]>;

/** The API's parameters are typed one by one; ours come out of the URL, checked by the rules of the same document. */
const list = async (query: Parameters, signal: AbortSignal) =>
  (await ask(api.GET("/instances", { params: { query: query as never }, signal }))) as {
    data: { items: Item[]; total: number | null };
    meta?: { next_cursor?: string | null };
  };

/** One page; it is not counted, so that turning pages and sorting cost no count. */
const pageQuery = (asked: ListQuery, fields: readonly string[]) =>
  queryOptions({
    queryKey: ["instances", "list", asked.key, asked.page, asked.limit, asked.sort, asked.order, fields],
    queryFn: async ({ signal }) => {
      const { page, limit, sort, order } = asked;
      const answer = await list(
        { ...asked.request(), page, limit, sort, order, fields: fields.join(), count: false },
        signal,
      );
      return answer.data.items;
    },
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: "always",
  });

/** How many there are on all pages. */
const countQuery = (asked: ListQuery) =>
  queryOptions({
    queryKey: ["instances", "count", asked.key],
    queryFn: async ({ signal }) =>
      (await list({ ...asked.request(), limit: 1, fields: "id", count: true }, signal)).data.total ?? 0,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: "always",
  });

/** A page, the count of all, and the next page in advance. */
export function useInstances(asked: ListQuery, fields: readonly string[]) {
  const queries = useQueryClient();
  const page = useQuery(pageQuery(asked, fields));
  const total = useQuery(countQuery(asked));
  const full = page.data?.length === asked.limit && !page.isPlaceholderData;
  const more = full && (total.data === undefined || asked.page * asked.limit < total.data);
  useEffect(() => {
    if (more) void queries.prefetchQuery(pageQuery({ ...asked, page: asked.page + 1 }, fields));
  }, [more, asked, fields, queries]);
  return { page, total, more };
}

/** All that match, page by page; `most` bounds them, `onProgress` hears how many have come. */
export async function listAll(
  asked: ListQuery,
  fields: readonly string[],
  { most, signal, onProgress }: { most: number; signal: AbortSignal; onProgress: (count: number) => void },
): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null | undefined = "";
  while (cursor !== null && cursor !== undefined && found.length < most) {
    const answer = await list(
      { ...asked.request(), sort: "id", order: "asc", limit: 100, fields: fields.join(), cursor },
      signal,
    );
    found.push(...answer.data.items);
    cursor = answer.meta?.next_cursor;
    onProgress(found.length);
  }
  return found.slice(0, most);
}
