import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, keepCsrfToken } from "@/api/client";
import { endOtherTabs } from "./ended";

/** Ends the session, here and in every other tab, and leads to the login, whatever the server says. */
export function useLogOut() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.POST("/auth/logout", { body: {} }),
    onSettled: async () => {
      keepCsrfToken(null);
      endOtherTabs();
      await navigate({ to: "/login" });
      // Nothing that was read is kept.
      queries.clear();
    },
  });
}
