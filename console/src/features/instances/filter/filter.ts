import { instanceFilters } from "@/api/rules.gen";
import type { Rule } from "@/api/rules";
import { many, type Search } from "@/app/search";
import { type Fault, momentOf, readValue } from "./values";
import { quoteText, quoteValue, type Word, wordsOf } from "./words";

export const filterRules: Readonly<Record<string, Rule>> = instanceFilters;

/** What of the URL's query is no filter. */
export const PAGING: ReadonlySet<string> = new Set(["page", "limit", "sort", "order"]);

/** Other names for keys and values, such as those of the language; they are read, never written. */
export interface Aliases {
  key: (typed: string) => string | undefined;
  value: (key: string, typed: string) => string | undefined;
}

const NO_ALIASES: Aliases = { key: () => undefined, value: () => undefined };

/** What a word of the text says. */
export interface Token {
  start: number;
  end: number;
  /** The API's key, `search` for free text; of an unknown key, as it was typed. */
  key: string;
  values: string[];
  fault: Fault | null;
}

export interface Filter {
  tokens: Token[];
  /** The query of the URL: everything that was typed, faults included. */
  query: Search;
  /** Whether any of it is not applied. */
  faulty: boolean;
}

/** The API's key for what was typed as one; what is none stays as it is. */
export function keyOf(typed: string, aliases: Aliases = NO_ALIASES): string {
  const plain = typed.toLowerCase();
  if (plain === "-tags") return "not_tags";
  if (plain !== "search" && Object.hasOwn(filterRules, plain)) return plain;
  return aliases.key(typed) ?? typed;
}

function tokenOf(word: Word, key: string, aliases: Aliases): Token {
  const token: Token = { start: word.start, end: word.end, key, values: [], fault: null };
  const rule = Object.hasOwn(filterRules, key) ? filterRules[key] : undefined;
  for (const part of word.parts) {
    const value = part.quoted ? part.value : (aliases.value(key, part.value) ?? part.value);
    const read = rule ? readValue(rule, value) : [value];
    token.values.push(...(Array.isArray(read) ? read : [value]));
    if (!Array.isArray(read)) token.fault ??= read;
  }
  if (!rule) token.fault = { code: "unknown", values: { key } };
  else if (word.parts.length === 0) token.fault = { code: "missing", values: {} };
  return token;
}

/** The free words of a text are one search; it stands where the first of them stands. */
function freeText(words: readonly Word[]): Token[] {
  const [first] = words;
  if (!first) return [];
  const value = words.map((word) => word.parts.map((part) => part.value).join("")).join(" ");
  const rule = filterRules["search"];
  const read = rule && value !== "" ? readValue(rule, value) : [value];
  return words.map((word, index) => ({
    start: word.start,
    end: word.end,
    key: "search",
    values: index === 0 && value !== "" ? [value] : [],
    fault: Array.isArray(read) ? null : read,
  }));
}

function markCounts(tokens: readonly Token[]): void {
  const seen = new Map<string, number>();
  for (const token of tokens) {
    const rule = filterRules[token.key];
    if (!rule || token.key === "search") continue;
    const count = (seen.get(token.key) ?? 0) + token.values.length;
    seen.set(token.key, count);
    if (!rule.many && count > 1) token.fault ??= { code: "single", values: {} };
    if (rule.maxItems !== undefined && count > rule.maxItems)
      token.fault ??= { code: "many", values: { most: rule.maxItems } };
  }
}

/** Read a text: what it says word by word, and the query that stands for it. */
export function readFilter(text: string, aliases: Aliases = NO_ALIASES): Filter {
  const words = wordsOf(text);
  const isFree = (word: Word): boolean => word.key === null || PAGING.has(word.key.toLowerCase());
  const free = freeText(
    words.filter(isFree).map((word) =>
      word.key === null
        ? word
        : {
            ...word,
            parts: [
              { start: word.start, end: word.end, value: text.slice(word.start, word.end), quoted: false },
            ],
          },
    ),
  );
  const tokens = [
    ...free,
    ...words
      .filter((word) => !isFree(word))
      .map((word) => tokenOf(word, keyOf(word.key ?? "", aliases), aliases)),
  ].sort((one, other) => one.start - other.start);
  markCounts(tokens);
  const query = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.values.length === 0) continue;
    const before = query.get(token.key) ?? [];
    query.set(token.key, [...before, ...token.values.filter((value) => !before.includes(value))]);
  }
  return { tokens, query: Object.fromEntries(query), faulty: tokens.some((token) => token.fault !== null) };
}

function printed(key: string, value: string): string {
  if (filterRules[key]?.kind === "boolean" && (value === "true" || value === "false"))
    return value === "true" ? "yes" : "no";
  return quoteValue(value);
}

/** The text that says what a query of the URL says. */
export function printFilter(search: Search): string {
  return Object.keys(search)
    .filter((key) => !PAGING.has(key))
    .map((key) =>
      key === "search"
        ? quoteText(many(search, key).join(" "))
        : `${key}:${many(search, key)
            .map((value) => printed(key, value))
            .join(",")}`,
    )
    .filter((word) => word !== "" && word !== '""')
    .join(" ");
}

/** Whether two queries ask for the same instances. */
export function sameFilter(one: Search, other: Search): boolean {
  const plain = (search: Search): string =>
    JSON.stringify(
      Object.keys(search)
        .filter((key) => !PAGING.has(key))
        .sort()
        .map((key) => [key, many(search, key)]),
    );
  return plain(one) === plain(other);
}

/** What the API is asked: what is sound, with times as moments. */
export function requestOf(filter: Filter, now: number = Date.now()): Record<string, string[]> {
  const asked: Record<string, string[]> = {};
  for (const { key, values, fault } of filter.tokens) {
    if (fault !== null || values.length === 0) continue;
    const isTime = filterRules[key]?.kind === "time";
    const sent = isTime
      ? values.flatMap((value) => momentOf(value, { end: key.endsWith("_until"), now }) ?? [])
      : values;
    asked[key] = [...(asked[key] ?? []), ...sent];
  }
  return asked;
}

/** The query without a value of a key, or without the key. */
export function without(search: Search, key: string, value?: string): Search {
  const rest = value === undefined ? [] : many(search, key).filter((one) => one !== value);
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, held]) =>
      name !== key ? [[name, held]] : rest.length > 0 ? [[name, rest]] : [],
    ),
  );
}
