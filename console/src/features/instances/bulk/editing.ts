import type { components } from "@/api/schema";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";

/** The fields that many instances may be given at once, in the order in which they are offered. */
export const EDITABLE = [
  "owner",
  "environment",
  "criticality",
  "lifecycle",
  "cluster_id",
  "credential_id",
  "tls_mode",
] as const satisfies readonly (keyof typeof fieldRules.instance)[];
export type Editable = (typeof EDITABLE)[number];

/** What is to be written: the fields that are ticked, as texts; an empty one takes the value away. */
export type Edits = Partial<Record<Editable, string>>;

const NUMBERS = new Set<Editable>(["criticality", "cluster_id", "credential_id"]);

/** Whether an instance can do without a value; without a lifecycle it would be taken for `active`, unsaid. */
export const mayBeEmpty = (field: Editable): boolean =>
  field !== "lifecycle" && (fieldRules.instance[field] as Rule).nullable === true;

/** The fields whose values would be taken away. */
export const emptiedBy = (edits: Edits): Editable[] =>
  EDITABLE.filter((field) => mayBeEmpty(field) && edits[field]?.trim() === "");

/** Whether there is something to write, and all of it can be. */
export function isComplete(edits: Edits): boolean {
  const fields = Object.keys(edits) as Editable[];
  return fields.length > 0 && fields.every((field) => mayBeEmpty(field) || edits[field]?.trim() !== "");
}

/** The body that the API takes for each of the instances. */
export function dataOf(edits: Edits): Record<string, string | number | null> {
  const data: Record<string, string | number | null> = {};
  for (const field of EDITABLE) {
    const text = edits[field]?.trim();
    if (text === undefined) continue;
    if (text === "") data[field] = null;
    else data[field] = NUMBERS.has(field) ? Number(text) : text;
  }
  return data;
}

export const editsOf = (ids: readonly number[], edits: Edits): components["schemas"]["Operation"][] =>
  ids.map((id) => ({ op: "update", id, name: null, filter: null, data: dataOf(edits) }));
