import type { components } from "@/api/schema";
import type { Search } from "@/app/search";

/** Parameters of `GET /instances` that find exactly what was counted. */
export type Filter = components["schemas"]["Overview"]["filter"];

/** A filter as the URL's query of the list; a list of one keeps an empty value, which means "none". */
export function searchOf(filter: Filter): Search {
  return Object.fromEntries(
    Object.entries(filter).map(([key, value]) => {
      if (Array.isArray(value)) return [key, value.map(String)];
      return [key, value === "" ? [""] : String(value)];
    }),
  );
}

/** One filter for several that differ in their environment alone. */
export function acrossEnvironments(filters: readonly Filter[]): Filter {
  const [first] = filters;
  if (!first) return {};
  if (filters.length === 1) return first;
  return { ...first, environment: filters.flatMap((each) => each["environment"] ?? []).map(String) };
}
