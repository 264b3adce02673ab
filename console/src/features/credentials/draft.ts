import type { Credential } from "@/api/types";
import { textOf } from "./bindings";

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
