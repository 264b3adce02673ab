import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, keepCsrfToken } from "@/api/client";

/** Ends the session and leads to the login, whatever the server says; nothing that was read is kept. */
export function useLogOut() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.POST("/auth/logout", { body: {} }),
    onSettled: async () => {
      keepCsrfToken(null);
      await navigate({ to: "/login" });
      queries.clear();
    },
  });
}
