import type { Language } from "@/i18n/language";

/** `Remedy: text`, with the colon of the language. */
export const labelled = (label: string, text: string, shown: Language): string =>
  shown === "zh" ? `${label}：${text}` : `${label}: ${text}`;

const ENDS = /[.!?:…。！？：；]$/;

/** A sentence with its end, as another one follows: what an English one is followed by is a space. */
export function ended(sentence: string, shown: Language): string {
  const [stop, gap] = shown === "zh" ? ["。", ""] : [".", " "];
  return (ENDS.test(sentence) ? sentence : sentence + stop) + gap;
}

/** Sentences one after the other: each but the last is ended, and between Chinese ones there is no space. */
export function inARow(sentences: readonly (string | null | undefined)[], shown: Language): string {
  const said = sentences.filter((one): one is string => Boolean(one));
  return said.map((one, at) => (at === said.length - 1 ? one : ended(one, shown))).join("");
}

/** A field of the form by the API's name, as sentences of the API have it; words such as "host" are no such name. */
const FIELD = /(?<![\w.])([a-z]+(?:_[a-z]+)+)(?!\w|\.\w)( ?)/g;

/** A sentence of the API in which the fields of the form stand with what the form calls them: `tls_mode (TLS mode)`. */
export function withLabels(
  sentence: string,
  {
    isField,
    labelOf,
    shown,
  }: { isField: (name: string) => boolean; labelOf: (name: string) => string; shown: Language },
): string {
  return sentence.replace(FIELD, (whole, name: string, blank: string) => {
    if (!isField(name)) return whole;
    // A Chinese bracket brings its own room.
    return shown === "zh" ? `${name}（${labelOf(name)}）` : `${name} (${labelOf(name)})${blank}`;
  });
}
