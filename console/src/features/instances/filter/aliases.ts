import { zhFields } from "@/words/fields";
import { valueOfWord } from "@/words/values";
import { type Aliases, filterRules } from "./filter";

const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries(zhFields)
    .filter(([key]) => Object.hasOwn(filterRules, key))
    .map(([key, label]) => [label.replaceAll(" ", ""), key]),
);

/** Read Chinese names of keys, of values, and names of environments (`named`: name to key). */
export function aliasesWith(named: ReadonlyMap<string, string>): Aliases {
  return {
    key: (typed) => KEYS.get(typed),
    value: (key, typed) => {
      if (key === "environment") return named.get(typed);
      return filterRules[key]?.kind === "enum" ? valueOfWord.get(typed) : undefined;
    },
  };
}
