import { type Language, language } from "@/i18n/language";

/** How no value is written where there is room for text alone. */
export const DASH = "—";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_556_952_000],
  ["month", 2_629_746_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

const relative = {
  zh: new Intl.RelativeTimeFormat("zh-CN", { numeric: "auto", style: "short" }),
  en: new Intl.RelativeTimeFormat("en-GB", { numeric: "auto", style: "short" }),
};
const exact = {
  zh: new Intl.DateTimeFormat("zh-CN", { dateStyle: "medium", timeStyle: "long" }),
  en: new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" }),
};

/** "2 min ago", "in 3 days"; `now` in milliseconds. */
export function ago(at: string, now: number, shown: Language = language()): string {
  const distance = Date.parse(at) - now;
  const [unit, size] = UNITS.find(([, each]) => Math.abs(distance) >= each) ?? ["second", 1000];
  return relative[shown].format(Math.round(distance / size), unit);
}

/** As far as a clock may stand behind a moment that has happened: its own step, and what two machines differ by. */
const BEHIND_MS = 60_000;

/** The clock to count a moment from: what lies a little ahead of it happened just now, not "in 46 sec". */
export function notBefore(at: string, clock: number): number {
  const ahead = Date.parse(at) - clock;
  return ahead > 0 && ahead <= BEHIND_MS ? clock + ahead : clock;
}

/** The exact local time with its zone. */
export const exactTime = (at: string, shown: Language = language()): string =>
  exact[shown].format(new Date(at));

/** The zone in which times are shown, by its distance from UTC: "GMT+8". */
export function zone(shown: Language = language(), at = new Date()): string {
  const parts = new Intl.DateTimeFormat(LOCALES[shown], { timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

export const count = (value: number, shown: Language = language()): string =>
  value.toLocaleString(LOCALES[shown]);

/** Milliseconds below a second, then seconds, minutes and so on: "14 ms", "2.1 s", "41 d". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A time that somebody has set, to the millisecond: "3 s", "1,500 ms". */
export const timeLimit = (ms: number, shown: Language = language()): string =>
  ms !== 0 && ms % 1000 === 0 ? `${count(ms / 1000, shown)} s` : `${count(ms, shown)} ms`;

/** Binary units: "1.5 GiB". */
export function bytes(size: number): string {
  const power = Math.min(BINARY.length - 1, size < 1024 ? 0 : Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BINARY[power] ?? "B"}`;
}

/** A host as it stands before a port: an IPv6 address in brackets. */
export const hostText = (host: string): string => (host.includes(":") ? `[${host}]` : host);

export const hostPort = (host: string, port: number): string => `${hostText(host)}:${port}`;
