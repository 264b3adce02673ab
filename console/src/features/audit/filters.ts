import { one, type Search } from "@/app/search";

/** Which events are asked for, as the API takes it; what is absent does not narrow. */
export interface AuditFilters {
  entity_type?: string;
  entity_id?: number;
  actor_id?: number;
  action?: string;
  /** Moments with their offset, in ISO 8601. */
  since?: string;
  until?: string;
}

const text = (value: string | undefined): string | undefined => {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === "" || trimmed.length > 50 ? undefined : trimmed;
};

const id = (value: string | undefined): number | undefined =>
  value !== undefined && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;

const moment = (value: string | undefined): string | undefined =>
  value !== undefined && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value))
    ? new Date(value).toISOString()
    : undefined;

/** The filters of the URL; what makes no sense there is as if it were absent. */
export function filtersOf(search: Search): AuditFilters {
  const found: AuditFilters = {
    entity_type: text(one(search, "entity_type")),
    entity_id: id(one(search, "entity_id")),
    actor_id: id(one(search, "actor_id")),
    action: text(one(search, "action")),
    since: moment(one(search, "since")),
    until: moment(one(search, "until")),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** What the URL says for a change of the filters: from the first page on, absent for what no longer narrows. */
export function urlOf(change: AuditFilters): Record<string, string | undefined> {
  const said = Object.entries(change).map(([key, value]) => [
    key,
    value === undefined || value === "" ? undefined : String(value),
  ]);
  return { page: undefined, ...Object.fromEntries(said) };
}

const two = (number: number): string => String(number).padStart(2, "0");

/** A moment for a field of local time: `2026-11-27T13:05`. */
export function localOf(at: string | undefined): string {
  if (at === undefined) return "";
  const time = new Date(at);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The moment of a field of local time, or undefined where it holds none. */
export const momentOf = (local: string): string | undefined => (local === "" ? undefined : moment(local));
