import { api, ask } from "@/api/client";
import { searchedQuery } from "@/api/lists";

export const usersQuery = searchedQuery(
  "users",
  async (query, signal) => (await ask(api.GET("/users", { params: { query }, signal }))).data,
);
