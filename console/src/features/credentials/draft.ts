import type { Credential } from "@/api/types";
import { placesOf, textOf } from "./bindings";

/** What the form of a credential holds. */
export interface Draft {
  name: string;
  username: string;
  password: string;
  description: string;
  places: string;
  engines: string[];
}

export function draftOf(of: Credential | undefined): Draft {
  return {
    name: of?.name ?? "",
    username: of?.username ?? "",
    password: "",
    description: of?.description ?? "",
    places: of ? textOf(of.bindings) : "",
    engines: of ? [...of.bindings.engines].sort() : [],
  };
}

/** The fields that differ between what the form began with and what is there now. */
export function fieldsChanged(before: Draft, now: Draft): (keyof Draft)[] {
  return (Object.keys(before) as (keyof Draft)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]),
  );
}

/** All that a new credential is made of, but for its password. */
export function wholeOf({ name, username, description, places, engines }: Draft) {
  return { name, username, description: description || null, bindings: { ...placesOf(places), engines } };
}

/** What was changed in the form, and nothing else: so what somebody else changed meanwhile stays. */
export function changesOf(before: Draft, after: Draft) {
  const changed = new Set(fieldsChanged(before, { ...after, engines: [...after.engines].sort() }));
  const bindings = {
    ...(changed.has("places") && placesOf(after.places)),
    ...(changed.has("engines") && { engines: after.engines }),
  };
  return {
    ...(changed.has("name") && { name: after.name }),
    ...(changed.has("username") && { username: after.username }),
    ...(changed.has("description") && { description: after.description || null }),
    ...(Object.keys(bindings).length > 0 && { bindings }),
  };
}
