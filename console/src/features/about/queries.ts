import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { isApiError } from "@/api/errors";
import { type About, readAbout } from "./about";

/** Muster's own words, by calls that the document of the types may not know yet. */
const get = api.GET as unknown as (
  path: string,
  init: { signal: AbortSignal },
) => Promise<{ data?: unknown; response: Response }>;

export const readyQuery = queryOptions({
  queryKey: ["health", "ready"],
  queryFn: async ({ signal }) => (await ask(api.GET("/health/ready", { signal }))).data.checks,
  retry: false,
  refetchInterval: 30_000,
});

/** What this Muster is; null where it does not tell. */
export const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: async ({ signal }): Promise<About | null> => {
    try {
      return readAbout(await ask(get("/about", { signal })));
    } catch (error) {
      if (isApiError(error) && error.status === 404) return null;
      throw error;
    }
  },
  staleTime: 300_000,
});

/** The version that the document of the API names. */
export const documentVersionQuery = queryOptions({
  queryKey: ["about", "document-version"],
  queryFn: async ({ signal }): Promise<string | null> => {
    const document = (await ask(get("/openapi.json", { signal }))) as { info?: { version?: string } };
    return document.info?.version ?? null;
  },
  staleTime: 300_000,
});
