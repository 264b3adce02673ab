import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";

export const usersQuery = (page: number, limit: number, search: string) =>
  queryOptions({
    queryKey: ["users", page, limit, search],
    queryFn: async ({ signal }) => {
      const query = { page, limit, ...(search && { search }) };
      return (await ask(api.GET("/users", { params: { query }, signal }))).data;
    },
    placeholderData: keepPreviousData,
  });
