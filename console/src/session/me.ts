import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "@/api/client";

export type Action =
  | "view"
  | "create"
  | "update"
  | "delete"
  | "purge"
  | "check"
  | "check_unsaved"
  | "credentials"
  | "audit"
  | "users"
  | "token";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => (await ask(api.GET("/auth/me", { signal }))).data.user,
  staleTime: 60_000,
  retry: false,
});

/** Who is logged in; null until that is known. */
export function useMe() {
  return useQuery(meQuery).data ?? null;
}

/** `can("update")`: what the role may do, as the server said. */
export function useCan(): (action: Action) => boolean {
  const me = useMe();
  return (action) => me?.actions.includes(action) ?? false;
}
