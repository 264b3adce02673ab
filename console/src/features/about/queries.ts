import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";

export const readyQuery = queryOptions({
  queryKey: ["health", "ready"],
  queryFn: async ({ signal }) => (await ask(api.GET("/health/ready", { signal }))).data.checks,
  retry: false,
  refetchInterval: 30_000,
});
