import type { Filter } from "./filter";

/** So many values of one condition are shown one by one; more than that are counted. */
const EACH = 5;

export interface Chip {
  key: string;
  values: readonly string[];
}

/** A filter in chips, each of which can be taken away; what is not applied has none. */
export const chipsOf = ({ tokens }: Pick<Filter, "tokens">): Chip[] =>
  tokens
    .filter((token) => token.fault === null)
    .flatMap(({ key, values }) =>
      values.length > EACH ? [{ key, values }] : values.map((value) => ({ key, values: [value] })),
    );
