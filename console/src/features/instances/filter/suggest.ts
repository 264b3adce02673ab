import { filterRules, PAGING } from "./filter";
import { quoteValue, type Word, wordsOf } from "./words";

/** What may stand at the caret: choosing it puts `insert` in place of what stands between `from` and `to`. */
export interface Suggestion {
  insert: string;
  shown: string;
  hint: string;
  /** Whether the word is complete with it; otherwise one goes on typing. */
  closes: boolean;
}

export interface Suggestions {
  from: number;
  to: number;
  /** The key whose values these are; null where they are keys. */
  key: string | null;
  typed: string;
  options: Suggestion[];
}

export interface Choice {
  value: string;
  hint: string;
}

export interface Sources {
  keyOf: (typed: string) => string | undefined;
  labelOf: (key: string) => string;
  /** What a key may hold, as far as that is known; `typed` is what stands there already. */
  choices: (key: string, typed: string) => readonly Choice[];
}

const MOST = 50;
/** What is asked for most; these come first. */
const FIRST = [
  "environment",
  "outcome",
  "db_type",
  "tags",
  "cause",
  "owner",
  "checked",
  "status",
  "lifecycle",
  "criticality",
  "is_production",
  "cluster",
  "credential",
  "has_credential",
  "host",
  "port",
];
const ENDPOINT = /^(\[[0-9a-f:.]+\]|[^\s:"]+):(\d{1,5})$/i;

const filterKeys: readonly string[] = [
  ...FIRST.filter((key) => Object.hasOwn(filterRules, key)),
  ...Object.keys(filterRules).filter((key) => key !== "search" && !FIRST.includes(key)),
];

const rank = (text: string, typed: string): number => {
  const low = text.toLowerCase();
  return low.startsWith(typed) ? 0 : low.includes(typed) ? 1 : 2;
};

function matching<T>(all: readonly T[], typed: string, textsOf: (one: T) => string[]): T[] {
  const low = typed.toLowerCase();
  return all
    .map((one, index) => ({ one, index, rank: Math.min(...textsOf(one).map((text) => rank(text, low))) }))
    .filter((each) => each.rank < 2)
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .slice(0, MOST)
    .map((each) => each.one);
}

function keySuggestions(word: Word | undefined, text: string, caret: number, sources: Sources): Suggestions {
  const from = word?.start ?? caret;
  const to = word === undefined ? caret : word.key === null ? word.end : word.valueStart - 1;
  const typed = text.slice(from, caret);
  const options = matching(filterKeys, typed, (key) => [key, sources.labelOf(key)]).map((key) => ({
    insert: `${key}:`,
    shown: `${key}:`,
    hint: sources.labelOf(key),
    closes: false,
  }));
  return { from, to, key: null, typed, options };
}

function endpointSuggestion(word: Word, text: string, sources: Sources): Suggestions | null {
  const found = ENDPOINT.exec(text.slice(word.start, word.end));
  if (!found || Number(found[2]) > 65_535) return null;
  const insert = `host:${(found[1] ?? "").replace(/^\[|\]$/g, "")} port:${found[2]}`;
  const option = { insert, shown: insert, hint: sources.labelOf("host"), closes: true };
  return { from: word.start, to: word.end, key: null, typed: "", options: [option] };
}

function valueSuggestions(word: Word, key: string, caret: number, sources: Sources): Suggestions {
  const part = word.parts.find((one) => one.start <= caret && caret <= one.end);
  const from = part?.start ?? caret;
  const typed = part?.value ?? "";
  const used = new Set(word.parts.filter((one) => one !== part).map((one) => one.value));
  const free = sources.choices(key, typed).filter((one) => !used.has(one.value));
  const options = matching(free, typed, (one) => [one.value, one.hint]).map(({ value, hint }) => ({
    insert: quoteValue(value),
    shown: value === "" ? '""' : value,
    hint,
    closes: true,
  }));
  return { from, to: part?.end ?? caret, key, typed, options };
}

/** What may be put at the caret of a text. */
export function suggest(text: string, caret: number, sources: Sources): Suggestions {
  const word = wordsOf(text).find((one) => one.start < caret && caret <= one.end);
  if (word && word.key === null) {
    const endpoint = caret === word.end ? endpointSuggestion(word, text, sources) : null;
    if (endpoint) return endpoint;
  }
  if (!word || word.key === null || caret < word.valueStart)
    return keySuggestions(word, text, caret, sources);
  const typed = word.key.toLowerCase();
  const key = sources.keyOf(word.key);
  if (key === undefined || PAGING.has(typed)) {
    return (
      endpointSuggestion(word, text, sources) ?? { from: caret, to: caret, key: null, typed: "", options: [] }
    );
  }
  return valueSuggestions(word, key, caret, sources);
}

/** The text with a suggestion put in, and where the caret is then. */
export function accept(text: string, at: Suggestions, chosen: Suggestion): { text: string; caret: number } {
  const after = text.slice(at.to);
  const insert = chosen.closes && !/^[\s,，]/.test(after) ? `${chosen.insert} ` : chosen.insert;
  // Where a key is exchanged, its values stay.
  const rest = !chosen.closes && /^[:：]/.test(after) ? after.slice(1) : after;
  return { text: text.slice(0, at.from) + insert + rest, caret: at.from + insert.length };
}
