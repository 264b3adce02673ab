/** The URL's query is the state of a screen: plain `?tags=a&tags=b`, so that it reads and can be sent to somebody. */
export type Search = Record<string, string | string[]>;

export function parseSearch(text: string): Search {
  const found: Search = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const before = Object.hasOwn(found, key) ? found[key] : undefined;
    // `?owner=` asks for instances without one: an empty value that was written stays, as a list of one.
    if (before === undefined) found[key] = value === "" ? [""] : value;
    else found[key] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : value === "" ? [] : [value]) {
      if (one !== undefined && one !== null) query.append(key, String(one));
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** One value of a key; the first where it stands more than once. */
export function one(search: Search, key: string): string | undefined {
  const value = search[key];
  return Array.isArray(value) ? value[0] : value;
}

/** All values of a key. */
export function many(search: Search, key: string): string[] {
  const value = search[key];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
