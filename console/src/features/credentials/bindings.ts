import { fieldRules } from "@/api/rules.gen";
import type { Credential } from "@/api/types";
import { faultOf } from "@/parts/formRules";

export type Bindings = Credential["bindings"];
export type Place = "hosts" | "suffixes" | "networks";
export const PLACES: readonly Place[] = ["hosts", "suffixes", "networks"];
export type PlaceLists = Record<Place, string[]>;

/** What an entry of the text is: a network has a slash, a domain begins with a dot, the rest are hosts. */
function read(entry: string): [Place, string] {
  if (entry.includes("/") && !entry.includes("://")) return ["networks", entry];
  if (entry.startsWith("*.")) return ["suffixes", entry.slice(1)];
  if (entry.startsWith(".")) return ["suffixes", entry];
  const bracketed = /^\[([0-9a-f:.]+)\]$/i.exec(entry);
  return ["hosts", bracketed?.[1] ?? entry];
}

/** Sort out a text of places, separated by lines, spaces, commas or semicolons; what stands twice counts once. */
export function placesOf(text: string): PlaceLists {
  const found: PlaceLists = { hosts: [], suffixes: [], networks: [] };
  const seen = new Set<string>();
  for (const entry of text.split(/[\s,;，；、]+/).filter((one) => one !== "")) {
    const [place, value] = read(entry);
    const key = `${place} ${value.toLowerCase()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found[place].push(value);
  }
  return found;
}

/** The text that `placesOf` sorts out into the same lists. */
export function textOf(lists: Pick<Bindings, Place>): string {
  return [
    ...lists.hosts,
    ...lists.suffixes.map((one) => (one.startsWith(".") ? one : `.${one}`)),
    ...lists.networks,
  ].join("\n");
}

/** The first entry that the API would refuse by its own rules, and where too many stand. */
export function wrongPlace(lists: PlaceLists): { entry: string } | { place: Place; most: number } | null {
  for (const place of PLACES) {
    const rule = fieldRules.bindings[place];
    if (lists[place].length > rule.maxItems) return { place, most: rule.maxItems };
    const entry = lists[place].find((one) => faultOf(rule, one) !== null);
    if (entry !== undefined) return { entry };
  }
  return null;
}

/** The entry that a field of an error names: `bindings.hosts.1`; null where it names none. */
export function entryOf(field: string, lists: PlaceLists): string | null {
  const named = /^bindings\.(hosts|suffixes|networks)\.(\d+)$/.exec(field);
  return named ? (lists[named[1] as Place][Number(named[2])] ?? null) : null;
}

/** Nothing that would let the credential be sent anywhere: engines alone only narrow. */
export const isUnbound = (bindings: Bindings): boolean =>
  PLACES.every((place) => bindings[place].length === 0) && bindings.endpoints.length === 0;

/** The first places of the bindings, and how many more there are. */
export function shortOf(bindings: Bindings, most = 3): { shown: string[]; more: number } {
  const all = [
    ...bindings.networks,
    ...bindings.suffixes,
    ...bindings.hosts,
    ...bindings.endpoints.map((one) => `${one.host}:${one.port}`),
  ];
  return { shown: all.slice(0, most), more: Math.max(0, all.length - most) };
}

/** The part of the bindings that a change without one entry sends. */
export function without(
  bindings: Bindings,
  kind: keyof Bindings,
  at: number,
): Partial<Record<keyof Bindings, unknown[]>> {
  return { [kind]: bindings[kind].filter((_, index) => index !== at) };
}
