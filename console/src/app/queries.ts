import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isApiError } from "@/api/errors";
import { isAway, waitForServer } from "./away";

/** A role that was changed elsewhere acts at once: ask anew what it may do. */
function noticeRefusal(error: unknown): void {
  if (isApiError(error, "PERMISSION_REQUIRED")) void queryClient.invalidateQueries({ queryKey: ["me"] });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      noticeRefusal(error);
      if (isAway(error)) void waitForServer(queryClient);
    },
  }),
  mutationCache: new MutationCache({ onError: noticeRefusal }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (times, error) => times < 2 && isApiError(error) && (error.status === 0 || error.status === 503),
    },
  },
});
