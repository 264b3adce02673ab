import { type Aliases, filterRules, keyOf, PAGING } from "./filter";
import { quoteValue, type Word, wordsOf } from "./words";

/** Another reading of a text, in which the words after a value belong to it. */
export interface OneValue {
  /** The whole text, with the value in quotes. */
  text: string;
  /** The condition that it has then: `host:"not a host!!"`. */
  condition: string;
}

const isFree = (word: Word): boolean =>
  (word.key === null || PAGING.has(word.key.toLowerCase())) && !word.parts.some((part) => part.quoted);

/**
 * Without quotes a value ends at the first space, and what follows is searched for: `host:not a host!!`.
 *
 * Gives the reading with quotes; null where no words follow a value that may hold a space.
 */
export function asOneValue(text: string, aliases?: Aliases): OneValue | null {
  const words = wordsOf(text);
  for (const [at, word] of words.entries()) {
    const last = word.parts.at(-1);
    const rule = filterRules[word.key === null ? "search" : keyOf(word.key, aliases)];
    if (word.key === null || rule?.kind !== "text" || !last || last.quoted || last.end !== word.end) continue;
    const rest = words.slice(at + 1);
    const following = rest.findIndex((one) => !isFree(one));
    const end = (following === -1 ? rest : rest.slice(0, following)).at(-1)?.end;
    if (end === undefined) continue;
    const value = quoteValue(text.slice(last.start, end));
    return {
      text: text.slice(0, last.start) + value + text.slice(end),
      condition: text.slice(word.start, last.start) + value,
    };
  }
  return null;
}
