import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { searchedQuery } from "@/api/lists";
import { lastAdminOf } from "./lastAdmin";

export const usersQuery = searchedQuery(
  "users",
  async (query, signal) => (await ask(api.GET("/users", { params: { query }, signal }))).data,
);

const MOST = 100;

/** The last active administrator, as far as one reading of the users tells; it may be of no use where there are many. */
export const lastAdminQuery = queryOptions({
  queryKey: ["users", "last-admin"],
  queryFn: async ({ signal }) => {
    const { items, total } = (await ask(api.GET("/users", { params: { query: { limit: MOST } }, signal })))
      .data;
    return lastAdminOf(items, total);
  },
});
