import type { Rung } from "./ladder";

/** A value as it is shown: what a server or a protocol wrote is told apart from what is said in words. */
export interface SeenText {
  text: string;
  isWord: boolean;
}

/** One thing that a step has seen: a value, several of them one below the other, or members with names of their own. */
export interface Seen {
  name: string;
  label: SeenText;
  values: SeenText[];
  members: { name: string; label: SeenText; value: SeenText }[];
}

export interface SeenWords {
  /** Null for a name that has no word. */
  label: (name: string) => string | null;
  /** What collecting needs, such as `sizes`. */
  need: (name: string) => string;
  engine: (name: string) => string;
  /** A value that is a word of ours; null for any other. */
  value: (name: string, value: string) => string | null;
  yes: string;
  no: string;
  nothing: string;
  moment: (at: string) => string;
  bytes: (size: number) => string;
}

const SHOWN_ELSEWHERE = new Set(["server_code", "server_text", "grant"]);
const ENGINES = new Set(["engine", "speaks"]);
const MOMENTS = new Set(["not_before", "not_after"]);

/** What a step has seen and shows nowhere else, by the names that the API gives. */
export function detailOf(rung: Pick<Rung, "detail">): [string, unknown][] {
  return Object.entries(rung.detail).filter(
    ([name, value]) => !SHOWN_ELSEWHERE.has(name) && value !== null && value !== undefined,
  );
}

/** What a step has seen, in words; a name that has none stays as it is. */
export function seenOf(rung: Pick<Rung, "detail">, words: SeenWords): Seen[] {
  return detailOf(rung).map(([name, value]) => ({
    name,
    label: labelOf(name, words),
    values: isMembers(value) ? [] : valuesOf(name, value, words),
    members: isMembers(value)
      ? Object.entries(value).map(([key, one]) => ({
          name: key,
          label: name === "needs" ? { text: words.need(key), isWord: true } : labelOf(key, words),
          value: textOf(name === "needs" ? name : key, one, words),
        }))
      : [],
  }));
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function labelOf(name: string, words: SeenWords): SeenText {
  const word = words.label(name);
  return word === null ? { text: name, isWord: false } : { text: word, isWord: true };
}

/** Plain entries of a list stand in one line, those with members each in a line of its own. */
function valuesOf(name: string, value: unknown, words: SeenWords): SeenText[] {
  if (!Array.isArray(value)) return [textOf(name, value, words)];
  if (value.some(isMembers)) return value.map((one) => textOf(name, one, words));
  const said = value.map((one) => textOf(name, one, words));
  return [{ text: said.map((one) => one.text).join(", "), isWord: said.every((one) => one.isWord) }];
}

function textOf(name: string, value: unknown, words: SeenWords): SeenText {
  const word = wordOf(name, value, words);
  if (word !== null) return { text: word, isWord: true };
  if (Array.isArray(value)) return inOneLine(value, ", ", (one) => textOf(name, one, words).text);
  if (isMembers(value))
    return inOneLine(Object.entries(value), " · ", ([key, one]) => textOf(key, one, words).text);
  return { text: String(value), isWord: false };
}

const inOneLine = <T>(parts: T[], between: string, text: (part: T) => string): SeenText => ({
  text: parts.map(text).join(between),
  isWord: false,
});

function wordOf(name: string, value: unknown, words: SeenWords): string | null {
  if (value === null || value === undefined) return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return name === "limit_bytes" ? words.bytes(value) : null;
  if (typeof value !== "string") return null;
  if (ENGINES.has(name)) return words.engine(value);
  if (MOMENTS.has(name)) return Number.isNaN(Date.parse(value)) ? null : words.moment(value);
  return words.value(name, value);
}
