import type { Mapping } from "./types";

const KEY = "muster.import.columns";
/** Headers that are kept; the oldest go first. */
const MOST = 200;

/** What somebody said before that headers mean, in this browser. */
export function remembered(): Mapping {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return {};
    const entries = Object.entries(kept).filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === "string",
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Keep what headers mean for the next file; where the browser keeps nothing, it is asked anew. */
export function remember(said: Mapping): void {
  const others = Object.entries(remembered()).filter(([header]) => said[header] === undefined);
  const kept = [...others, ...Object.entries(said)].slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // Storage is full or forbidden: nothing is lost but the next file asks again.
  }
}
