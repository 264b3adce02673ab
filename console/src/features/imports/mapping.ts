import type { ImportColumn, Mapping } from "./types";

/** Columns that a file of faulty rows has besides; nobody has to say that they are left out. */
export const ROW_HEADER = "muster_row";
export const ERRORS_HEADER = "muster_errors";
const OURS = [ROW_HEADER, ERRORS_HEADER];

/** Objects of an instance whose members may stand in columns of their own. */
const HOLDERS = ["custom", "external_ids"];

/**
 * The mapping with what is known of unknown columns: our own are left out, others are what somebody said of the same
 * header before (`remembered`); null when nothing is to be added.
 */
export function withKnown(
  columns: readonly ImportColumn[],
  mapping: Mapping,
  remembered: Mapping = {},
): Mapping | null {
  const known: Mapping = { ...remembered, ...Object.fromEntries(OURS.map((header) => [header, null])) };
  const added = columns.filter(
    ({ header, field }) => field === null && mapping[header] === undefined && known[header] !== undefined,
  );
  if (added.length === 0) return null;
  return { ...mapping, ...Object.fromEntries(added.map(({ header }) => [header, known[header] ?? null])) };
}

/** What somebody chose last; else what the server took the column for; undefined where nobody knows. */
export function placeOf(column: ImportColumn, mapping: Mapping): string | null | undefined {
  const chosen = mapping[column.header];
  if (chosen !== undefined) return chosen;
  return column.left_out ? null : (column.field ?? undefined);
}

/** The headers of which nobody said what they mean. */
export function unknownHeaders(columns: readonly ImportColumn[], mapping: Mapping): string[] {
  return columns.filter((one) => placeOf(one, mapping) === undefined).map((one) => one.header);
}

/** The headers that are left out. */
export function leftOutHeaders(columns: readonly ImportColumn[], mapping: Mapping): string[] {
  return columns.filter((one) => placeOf(one, mapping) === null).map((one) => one.header);
}

/** The headers that share their field with another column. */
export function twiceMapped(columns: readonly ImportColumn[], mapping: Mapping): string[] {
  const places = columns.map((one) => placeOf(one, mapping));
  return columns
    .filter((_, index) => {
      const place = places[index];
      return typeof place === "string" && places.filter((one) => one === place).length > 1;
    })
    .map((one) => one.header);
}

/** Where a column can go that is no field of its own: members of the objects. */
export function memberPlaces(header: string): string[] {
  const member = header.trim().replaceAll(".", "_");
  return HOLDERS.map((holder) => `${holder}.${member}`);
}

/** Only what the file has and what is said otherwise than the server understood by itself. */
export function chosen(mapping: Mapping, header: string, place: string | null): Mapping {
  return { ...mapping, [header]: place };
}

/** The header of the column that a fault speaks of, as `tag_names.0` does of that of `tag_names`. */
export function headerOf(columns: readonly ImportColumn[], field: string): string | null {
  const bare = field.replace(/_id$/, "");
  const found = columns
    .filter((one) => one.field !== null)
    .filter(({ field: of }) => [field, bare].some((path) => path === of || path.startsWith(`${of}.`)))
    .sort((a, b) => (b.field ?? "").length - (a.field ?? "").length);
  return found[0]?.header ?? null;
}
