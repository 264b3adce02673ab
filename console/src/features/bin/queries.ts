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

/** The order that the URL says; what makes no sense there counts as not said. */
export function sortingOf(search: Search): Sorting {
  const sort = one(search, "sort") ?? "";
  return {
    sort: (instanceSorts as readonly string[]).includes(sort) ? sort : "deleted_at",
    order: one(search, "order") === "asc" ? "asc" : "desc",
  };
}

export const binQuery = (page: number, limit: number, search: string, sorting: Sorting) =>
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
