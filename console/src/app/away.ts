import type { Query, QueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { isApiError } from "@/api/errors";

const EVERY_MS = 3000;
const NOBODY = new Set([502, 503, 504]);

/** Whether it was not Muster that answered: nobody did, or a proxy in place of it. */
export const isAway = (error: unknown): boolean =>
  isApiError(error) && (error.status === 0 || (NOBODY.has(error.status) && error.envelope === null));

let isWaiting = false;

/** Ask until the server is back, and then for everything anew that failed for want of it; nobody need press a button. */
export async function waitForServer(
  client: QueryClient,
  isBack: () => Promise<boolean> = isServerThere,
): Promise<void> {
  if (isWaiting) return;
  isWaiting = true;
  try {
    do await new Promise((wake) => setTimeout(wake, EVERY_MS));
    while (!(await isBack()));
  } finally {
    isWaiting = false;
  }
  await client.refetchQueries({ type: "active", predicate: ({ state }: Query) => isAway(state.error) });
}

async function isServerThere(): Promise<boolean> {
  // A hidden page waits with asking until it is seen; the answer that counts is the one that is shown.
  if (document.hidden) return false;
  return api.GET("/health/live").then(
    () => true,
    (error: unknown) => !isAway(error),
  );
}
