import type { Token } from "@/api/types";

export type TokenState = "active" | "soon" | "expired" | "owner_disabled";
const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** The state of a token at `now` (milliseconds); one that ended since it was read is expired. */
export function tokenState(token: Pick<Token, "status" | "expires_at">, now: number): TokenState {
  const left = Date.parse(token.expires_at) - now;
  if (token.status === "expired" || left <= 0) return "expired";
  if (token.status === "owner_disabled") return "owner_disabled";
  return left <= SOON_DAYS * DAY_MS ? "soon" : "active";
}

/** How long a token may be asked for, in days. */
export const SPANS = [7, 30, 90, 365] as const;

/** The moment so many days from `now`, a minute early: the server's clock may be behind ours. */
export const inDays = (days: number, now: number): string =>
  new Date(now + days * DAY_MS - 60_000).toISOString();

/** The end of a local day such as `2027-03-01`, or null where it is none. */
export function endOfDay(day: string): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return null;
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  const end = new Date(year, month - 1, date, 23, 59, 59);
  return end.getMonth() === month - 1 && end.getDate() === date ? end.toISOString() : null;
}

/** Networks from a text: one a line, or separated by spaces and commas; each once. */
export const networksOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,;，；、]+/).filter((one) => one !== "")),
];
