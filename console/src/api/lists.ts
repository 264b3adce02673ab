import { keepPreviousData, queryOptions } from "@tanstack/react-query";

/** One page of a list of the API. */
export interface ListPage<T> {
  items: T[];
  total: number | null;
  pages: number | null;
}

export interface ListQuery {
  page: number;
  limit: number;
  search?: string;
}

/** How the pages of a list are asked for that is searched by a word; the last page stays until the next is there. */
export const searchedQuery =
  <T>(key: string, read: (query: ListQuery, signal: AbortSignal) => Promise<ListPage<T>>) =>
  (page: number, limit: number, search: string) =>
    queryOptions({
      queryKey: [key, page, limit, search],
      queryFn: ({ signal }) => read({ page, limit, ...(search && { search }) }, signal),
      placeholderData: keepPreviousData,
    });

export type SearchedQuery<T> = ReturnType<typeof searchedQuery<T>>;
