import { instanceSorts } from "@/api/rules.gen";
import { one, type Search, stringifySearch } from "@/app/search";
import type { Sorting } from "@/parts/DataTable";
import { type Filter, PAGING, requestOf } from "./filter/filter";

export const LIMITS = [20, 50, 100] as const;
const USUAL_LIMIT = 50;
const USUAL_SORTING: Sorting = { sort: "name", order: "asc" };

export interface ListQuery {
  /** Stands for the filter in the keys of queries. */
  key: string;
  /** The filter as the API is asked now: ages such as "7d" are counted from the moment of the call. */
  request: () => Record<string, string[]>;
  page: number;
  limit: number;
  sort: string;
  order: "asc" | "desc";
}

function number(text: string | undefined, usual: number): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : usual;
}

/** Which page in which order the URL asks for; what makes no sense is as if it were not there. */
export function pagingOf(search: Search): Pick<ListQuery, "page" | "limit" | "sort" | "order"> {
  const limit = number(one(search, "limit"), USUAL_LIMIT);
  const sort = one(search, "sort");
  const known = sort !== undefined && (instanceSorts as readonly string[]).includes(sort);
  return {
    page: number(one(search, "page"), 1),
    limit: (LIMITS as readonly number[]).includes(limit) ? limit : USUAL_LIMIT,
    sort: known ? sort : USUAL_SORTING.sort,
    order: known && one(search, "order") === "desc" ? "desc" : "asc",
  };
}

export function listQueryOf(filter: Filter, search: Search): ListQuery {
  // Ages count from one fixed moment here: the key stands for the words, not for the time.
  const key = stringifySearch(requestOf(filter, 0));
  return { key, request: () => requestOf(filter), ...pagingOf(search) };
}

/** The URL's query with another filter, from its first page on; order and size of pages stay. */
export function withFilter(search: Search, filter: Search): Search {
  const kept = Object.entries(search).filter(([key]) => PAGING.has(key) && key !== "page");
  return { ...filter, ...Object.fromEntries(kept) };
}

/** The URL's query with another page, size or order; what is usual is left out. */
export function withPaging(
  search: Search,
  change: Partial<Pick<ListQuery, "page" | "limit" | "sort" | "order">>,
): Search {
  const next = { ...pagingOf(search), ...change };
  const filter = Object.fromEntries(Object.entries(search).filter(([key]) => !PAGING.has(key)));
  const paging: Search = {};
  if (next.page !== 1) paging["page"] = String(next.page);
  if (next.limit !== USUAL_LIMIT) paging["limit"] = String(next.limit);
  if (next.sort !== USUAL_SORTING.sort || next.order !== USUAL_SORTING.order) {
    paging["sort"] = next.sort;
    paging["order"] = next.order;
  }
  return { ...filter, ...paging };
}
