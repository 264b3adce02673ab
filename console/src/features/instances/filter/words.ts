/** One value of a word; `start` and `end` are offsets in the text, quotes included. */
export interface Part {
  start: number;
  end: number;
  value: string;
  quoted: boolean;
}

/** A run of the text between spaces: `key:value,value`, or free text, whose key is null. */
export interface Word {
  start: number;
  end: number;
  key: string | null;
  /** Where the values begin. */
  valueStart: number;
  parts: Part[];
}

// Chinese keyboards type the full-width colon and comma; they mean the same.
const COMMAS = new Set([",", "，"]);
const KEY = /^-?[\p{L}_][\p{L}\p{N}_]*[:：]/u;
const SPACE = /\s/;

/** The end of a quoted text that begins at `at`; an open quote goes on to the end. */
function quotedEnd(text: string, at: number): number {
  for (let here = at + 1; here < text.length; here += 1) {
    if (text[here] === "\\") here += 1;
    else if (text[here] === '"') return here + 1;
  }
  return text.length;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !SPACE.test(text[at] ?? ""))
    at = text[at] === '"' ? quotedEnd(text, at) : at + 1;
  return at;
}

function unquoted(raw: string): string {
  let value = "";
  let inside = false;
  for (let at = 0; at < raw.length; at += 1) {
    const here = raw[at] ?? "";
    if (here === '"') inside = !inside;
    else if (inside && here === "\\" && at + 1 < raw.length) value += raw[(at += 1)] ?? "";
    else value += here;
  }
  return value;
}

function partsOf(text: string, from: number, to: number, commas: boolean): Part[] {
  const parts: Part[] = [];
  let start = from;
  const push = (end: number): void => {
    const raw = text.slice(start, end);
    if (raw !== "") parts.push({ start, end, value: unquoted(raw), quoted: raw.includes('"') });
  };
  for (let at = from; at < to; at += 1) {
    if (text[at] === '"') at = quotedEnd(text, at) - 1;
    else if (commas && COMMAS.has(text[at] ?? "")) {
      push(at);
      start = at + 1;
    }
  }
  push(to);
  return parts;
}

/** Cut a text into its words. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text[at] ?? "")) {
      at += 1;
      continue;
    }
    const end = wordEnd(text, at);
    const found = KEY.exec(text.slice(at, end));
    const key = found ? found[0].slice(0, -1) : null;
    const valueStart = found ? at + found[0].length : at;
    words.push({ start: at, end, key, valueStart, parts: partsOf(text, valueStart, end, key !== null) });
    at = end;
  }
  return words;
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** A value as it must stand after a key. */
export function quoteValue(value: string): string {
  const plain =
    value !== "" &&
    ![...value].some((one) => SPACE.test(one) || COMMAS.has(one) || one === '"' || one === "\\");
  return plain ? value : quoted(value);
}

/** Free text as it must stand, so that no word of it is read as a key. */
export function quoteText(text: string): string {
  const words = wordsOf(text);
  const same =
    words.every((word) => word.key === null && !word.parts.some((part) => part.quoted)) &&
    words.map((word) => text.slice(word.start, word.end)).join(" ") === text;
  return same ? text : quoted(text);
}
