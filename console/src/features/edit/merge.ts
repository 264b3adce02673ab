import { equal, type Field, FIELDS, type Values } from "./fields";

export type Side = "mine" | "theirs";

/** A field that somebody changed since the form was opened. */
interface Difference {
  field: Field;
  /** Who changed it: both sides, to different values, is what somebody must decide. */
  by: "both" | Side;
}

/** Three ways: what was loaded, what the server has now, what the form holds. Both to the same value is none. */
export function differences(base: Values, theirs: Values, mine: Values): Difference[] {
  const found: Difference[] = [];
  for (const field of FIELDS) {
    const byMe = !equal(field, base, mine, base);
    const byThem = !equal(field, base, theirs, base);
    if (!byMe && !byThem) continue;
    if (byMe && byThem) {
      if (!equal(field, theirs, mine, base)) found.push({ field, by: "both" });
    } else found.push({ field, by: byMe ? "mine" : "theirs" });
  }
  return found;
}

export type Choices = Partial<Record<Field, Side>>;

/** What each field gets before anybody chooses: the side that changed it; where both did, nothing yet. */
export function firstChoices(found: readonly Difference[]): Choices {
  const choices: Choices = {};
  for (const { field, by } of found) if (by !== "both") choices[field] = by;
  return choices;
}

export const isDecided = (found: readonly Difference[], choices: Choices): boolean =>
  found.every(({ field }) => choices[field] !== undefined);

/** Their version with what was chosen of mine. */
export function merged(theirs: Values, mine: Values, choices: Choices): Values {
  const kept = FIELDS.filter((field) => choices[field] === "mine").map((field) => [field, mine[field]]);
  return { ...theirs, ...(Object.fromEntries(kept) as Partial<Values>) };
}
