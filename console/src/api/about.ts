import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "./client";
import type { components } from "./schema";

export type About = components["schemas"]["About"];

/** What this Muster is, what it can do with each engine, and what of its settings concerns who looks at the register. */
export const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: async ({ signal }): Promise<About> => (await ask(api.GET("/about", { signal }))).data.about,
  staleTime: 300_000,
});
