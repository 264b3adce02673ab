import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";

export const tokensQuery = (page: number, limit: number, search: string) =>
  queryOptions({
    queryKey: ["tokens", page, limit, search],
    queryFn: async ({ signal }) => {
      const query = { page, limit, ...(search && { search }) };
      return (await ask(api.GET("/tokens", { params: { query }, signal }))).data;
    },
    placeholderData: keepPreviousData,
  });
