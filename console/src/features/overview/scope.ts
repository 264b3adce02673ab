import { one, type Search } from "@/app/search";

/** Which instances the overview is about; an empty environment or owner means those without one. */
export interface Scope {
  /** Those of whoever looks: a link to it shows everybody their own. */
  mine: boolean;
  environment: string | null;
  owner: string | null;
}

export const EVERYTHING: Scope = { mine: false, environment: null, owner: null };

export function scopeOf(search: Search): Scope {
  const mine = one(search, "mine") === "true";
  return {
    mine,
    environment: one(search, "environment") ?? null,
    owner: mine ? null : (one(search, "owner") ?? null),
  };
}

/** The URL's query of a scope; nothing at all for everything. */
export function searchOfScope({ mine, environment, owner }: Scope): Search {
  return {
    ...(mine ? { mine: "true" } : {}),
    // A list of one keeps an empty value in the URL.
    ...(environment === null ? {} : { environment: [environment] }),
    ...(owner === null || mine ? {} : { owner: [owner] }),
  };
}

/** The parameters of `GET /overview` for a scope. */
export function questionOf(
  { mine, environment, owner }: Scope,
  me: string,
): { environment?: string[]; owner?: string[] } {
  const whose = mine ? me : owner;
  return {
    ...(environment === null ? {} : { environment: [environment] }),
    ...(whose === null ? {} : { owner: [whose] }),
  };
}

export const isEverything = ({ mine, environment, owner }: Scope): boolean =>
  !mine && environment === null && owner === null;
