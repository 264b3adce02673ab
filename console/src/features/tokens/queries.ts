import { api, ask } from "@/api/client";
import { searchedQuery } from "@/api/lists";

export const tokensQuery = searchedQuery(
  "tokens",
  async (query, signal) => (await ask(api.GET("/tokens", { params: { query }, signal }))).data,
);
