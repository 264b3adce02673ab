import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { instanceSorts } from "@/api/rules.gen";
import type { Instance } from "@/api/types";
import { one, type Search } from "@/app/search";
import type { Sorting } from "@/parts/DataTable";

/** What the bin shows of an instance. */
const FIELDS = [
  "id",
  "name",
  "db_type",
  "host",
  "port",
  "environment",
  "deleted_at",
  "deleted_by",
  "delete_reason",
  "version",
] as const;

export type Binned = Pick<Instance, (typeof FIELDS)[number]>;

export const PAGE_SIZES = [20, 50, 100] as const;

export interface BinState {
  search: string;
  page: number;
  limit: number;
  sorting: Sorting;
}

const whole = (text: string | undefined, least: number): number | null => {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) && value >= least ? value : null;
};

/** The state of the screen, as the URL says; what makes no sense there counts as not said. */
export function binState(search: Search): BinState {
  const sort = one(search, "sort") ?? "";
  const limit = whole(one(search, "limit"), 1);
  return {
    search: one(search, "search") ?? "",
    page: whole(one(search, "page"), 1) ?? 1,
    limit: PAGE_SIZES.find((size) => size === limit) ?? 50,
    sorting: {
      sort: (instanceSorts as readonly string[]).includes(sort) ? sort : "deleted_at",
      order: one(search, "order") === "asc" ? "asc" : "desc",
    },
  };
}

export const binQuery = ({ search, page, limit, sorting }: BinState) =>
  queryOptions({
    queryKey: ["instances", "bin", { search, page, limit, ...sorting }],
    queryFn: async ({ signal }) => {
      const query = {
        status: "deleted" as const,
        page,
        limit,
        sort: sorting.sort as (typeof instanceSorts)[number],
        order: sorting.order,
        fields: [...FIELDS],
        ...(search !== "" && { search }),
      };
      const { data } = await ask(api.GET("/instances", { params: { query }, signal }));
      return { ...data, items: data.items as unknown as Binned[] };
    },
    placeholderData: keepPreviousData,
  });
