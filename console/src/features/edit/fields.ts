import { fieldRules } from "@/api/rules.gen";
import type { Instance } from "@/api/types";

/** Every field of an instance that can be written, by the API's own names. */
export type Field = keyof typeof fieldRules.instance;
export const FIELDS = Object.keys(fieldRules.instance) as Field[];

/** One member of `custom` or `external_ids`; the row's id keeps it apart while its key is typed. */
export interface Pair {
  row: number;
  key: string;
  value: string;
  /** What the value is in JSON; `empty` (null) can be kept, not chosen: a merge reads null as removal. */
  kind: "text" | "number" | "boolean" | "empty";
}

/** What the form holds: texts as typed, an empty one for "none"; `tls_client_key`: "" keeps, null removes. */
export interface Values extends Record<
  Exclude<
    Field,
    "is_active" | "tls_legacy" | "tag_names" | "external_ids" | "custom" | "tls_client_key" | "muted_until"
  >,
  string
> {
  is_active: boolean;
  tls_legacy: boolean;
  tag_names: string[];
  external_ids: Pair[];
  custom: Pair[];
  tls_client_key: string | null;
  /** As `<input type="datetime-local">` has it: local time, without a zone. */
  muted_until: string;
}

type Json = string | number | boolean | null | string[] | Record<string, unknown>;
export type Body = Partial<Record<Field, Json>>;

/** The fields that only some engines have. */
const ENGINES_OF: Partial<Record<Field, readonly string[]>> = {
  service_name: ["oracle"],
  sid: ["oracle"],
  instance_name: ["sqlserver"],
};

/** What is typed in when nobody says otherwise: where these servers listen when they are just installed. */
const PORTS: Readonly<Record<string, number>> = {
  mysql: 3306,
  mariadb: 3306,
  postgresql: 5432,
  sqlserver: 1433,
  oracle: 1521,
  redis: 6379,
  mongodb: 27017,
  clickhouse: 9000,
  oceanbase: 2881,
  tidb: 4000,
  dameng: 5236,
};

const defaultPort = (engine: string): string => String(PORTS[engine] ?? "");

export const EMPTY: Values = {
  ...(Object.fromEntries(FIELDS.map((field) => [field, ""])) as unknown as Values),
  is_active: true,
  lifecycle: "active",
  endpoint_kind: "server",
  platform: "self_hosted",
  tls_legacy: false,
  tag_names: [],
  external_ids: [],
  custom: [],
};

/** Another engine; the port follows as long as it is the old engine's own or empty. */
export function withEngine(values: Values, engine: string): Values {
  const follows = values.port === "" || values.port === defaultPort(values.db_type);
  return { ...values, db_type: engine, port: follows ? defaultPort(engine) : values.port };
}

/** Another lifecycle: what retires is not in use any more; what does not retire after all is as it was. */
export function withLifecycle(values: Values, lifecycle: string, base: Values): Values {
  if (lifecycle === "retired") return { ...values, lifecycle, is_active: false };
  const isBack = values.lifecycle === "retired" && base.lifecycle !== "retired";
  return { ...values, lifecycle, is_active: isBack ? base.is_active : values.is_active };
}

/** Whether the engine has the field, or the instance holds a value there that must not vanish unseen. */
export function isShown(field: Field, values: Values, base: Values | null): boolean {
  const engines = ENGINES_OF[field];
  if (engines === undefined || engines.includes(values.db_type)) return true;
  return base !== null && base.db_type === values.db_type && base[field] !== "";
}

let lastRow = 0;
export const newPair = (key = "", value = "", kind: Pair["kind"] = "text"): Pair => ({
  row: (lastRow += 1),
  key,
  value,
  kind,
});

function pairOf([key, value]: [string, unknown]): Pair {
  if (value === null) return newPair(key, "", "empty");
  const kind = typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "text";
  return newPair(key, String(value), kind);
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** An instant of the API as local time for the field, to the second. */
export function localTime(at: string | null): string {
  if (at === null) return "";
  const time = new Date(at);
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day}T${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

function instant(local: string): string | null {
  const time = new Date(local);
  return local === "" || Number.isNaN(time.getTime()) ? null : time.toISOString().replace(".000Z", "+00:00");
}

/** An instance as the form holds it. */
export function valuesOf(instance: Instance): Values {
  const texts = FIELDS.map((field) => {
    const value = (instance as unknown as Record<string, unknown>)[field];
    return [field, value === null || value === undefined ? "" : String(value)];
  });
  return {
    ...(Object.fromEntries(texts) as Values),
    is_active: instance.is_active,
    tls_legacy: instance.tls_legacy,
    tag_names: instance.tags.map((tag) => tag.name),
    external_ids: Object.entries(instance.external_ids).map(pairOf),
    custom: Object.entries(instance.custom ?? {}).map(pairOf),
    tls_client_key: "",
    muted_until: localTime(instance.muted_until),
  };
}

/** A new instance after the pattern of another: its name and its key are its own, and so are its outside ids. */
export const copyOf = (instance: Instance): Values => ({
  ...valuesOf(instance),
  name: "",
  external_ids: [],
});

function memberOf({ value, kind }: Pair): unknown {
  if (kind === "number") return value.trim() === "" ? Number.NaN : Number(value);
  if (kind === "boolean") return value === "true";
  return kind === "empty" ? null : value;
}

const objectOf = (pairs: Pair[]): Record<string, unknown> =>
  Object.fromEntries(
    pairs.filter((one) => one.key.trim() !== "").map((one) => [one.key.trim(), memberOf(one)]),
  );

/** The value of a field as the API takes it; what is no number stays a text, for the server to refuse. */
export function jsonOf(field: Field, values: Values, base: Values | null): Json {
  if (!isShown(field, values, base)) return null;
  const value = values[field];
  if (field === "external_ids") return objectOf(values.external_ids);
  if (field === "custom") return values.custom.length === 0 ? null : objectOf(values.custom);
  if (field === "muted_until") return instant(values.muted_until);
  if (field === "tag_names") return values.tag_names;
  if (typeof value === "boolean") return value;
  const text = String(value ?? "");
  if (!KEPT_AS_TYPED.has(field) && text.trim() === "") return null;
  if (text === "") return null;
  if (fieldRules.instance[field].kind === "integer" && /^-?\d+$/.test(text.trim()))
    return Number(text.trim());
  return KEPT_AS_TYPED.has(field) ? text : text.trim();
}

const KEPT_AS_TYPED = new Set<Field>(["description", "tls_ca", "tls_client_cert", "tls_client_key"]);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether a field holds the same in both; the order of tags and of members means nothing. */
export function equal(field: Field, one: Values, other: Values, base: Values | null): boolean {
  if (field === "tls_client_key") return one.tls_client_key === other.tls_client_key;
  const [left, right] = [jsonOf(field, one, base), jsonOf(field, other, base)];
  if (field === "tag_names") return same([...one.tag_names].sort(), [...other.tag_names].sort());
  if (field === "custom" || field === "external_ids") {
    const sorted = (value: Json) => Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return same(sorted(left), sorted(right));
  }
  return same(left, right);
}

/** The fields in which the form differs from what it began with. */
export const changedFields = (base: Values, mine: Values): Field[] =>
  FIELDS.filter((field) => !equal(field, base, mine, base));

/** Of an object's members what a JSON merge needs: those that changed, and null for those that are gone. */
function members(before: Json, after: Json): Record<string, unknown> {
  const [old, now] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>];
  const gone = Object.keys(old).filter((key) => !(key in now));
  const changed = Object.entries(now).filter(([key, value]) => !(key in old) || !same(old[key], value));
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(changed) };
}

/** The body of a PATCH: what changed, and nothing else. */
export function patchBody(base: Values, mine: Values): Body {
  const body: Body = {};
  for (const field of changedFields(base, mine)) {
    const now = jsonOf(field, mine, base);
    const isObject = field === "custom" || field === "external_ids";
    body[field] = isObject && now !== null ? members(jsonOf(field, base, base), now) : now;
  }
  return body;
}

/** The body of a POST: what is filled in; what an instance is by itself (`true`, in the one case) is left out. */
export function createBody(values: Values, base: Values | null): Body {
  const isFilled = (field: Field, value: Json): boolean => {
    if (field === "is_active") return value === false;
    if (value === null || value === false) return false;
    return typeof value !== "object" || Object.keys(value).length > 0;
  };
  const given = FIELDS.map((field) => [field, jsonOf(field, values, base)] as const);
  return Object.fromEntries(given.filter(([field, value]) => isFilled(field, value))) as Body;
}
