import { headerOf } from "./mapping";
import type { Corrections, ImportColumn, ImportRow } from "./types";

/** The fault of a name that an instance in the recycle bin has; it has a way out of its own. */
const IN_BIN = "name_taken_in_bin";

/** One mistake of many rows: the same fault of the same value in the same column. */
export interface Mistake {
  key: string;
  field: string;
  code: string;
  message: string;
  /** What the file says there; null where the fault is of no column. */
  value: string | null;
  /** The column whose cell says nothing but the value, so that another text can stand there in all rows. */
  header: string | null;
  /** Numbers of the rows. */
  rows: ReadonlySet<number>;
}

/** The field that a fault speaks of; which of several tags it is makes no other field. */
export const bareField = (field: string): string => field.replace(/\.\d+$/, "");

/** What the file says where a fault is; null where no column holds it, or the cells are not known. */
export function cellOf(row: ImportRow, columns: readonly ImportColumn[], field: string): string | null {
  const header = headerOf(columns, field);
  return header === null ? null : (row.cells?.[header] ?? null);
}

/** The mistakes of rows, the most frequent first: those of several rows, and tags that are to be made. */
export function mistakesOf(rows: readonly ImportRow[], columns: readonly ImportColumn[]): Mistake[] {
  const found = new Map<string, Mistake & { rows: Set<number> }>();
  for (const row of rows) {
    for (const { field, code, message, value: named } of row.errors) {
      if (code === IN_BIN) continue;
      const bare = bareField(field);
      const cell = cellOf(row, columns, field);
      const value = named ?? cell;
      const key = JSON.stringify([bare, code, value ?? message]);
      const isAll = cell !== null && cell.trim() === (value ?? "").trim();
      const known = found.get(key);
      if (known) {
        known.rows.add(row.row);
        if (!isAll) known.header = null;
        continue;
      }
      const header = isAll ? headerOf(columns, field) : null;
      found.set(key, { key, field: bare, code, message, value, header, rows: new Set([row.row]) });
    }
  }
  return [...found.values()]
    .filter((one) => one.rows.size > 1 || isMissingTag(one))
    .sort((a, b) => b.rows.size - a.rows.size);
}

/** Whether making a tag mends it. */
export const isMissingTag = ({ field, code, value }: Mistake): boolean =>
  field === "tag_names" && code === "unknown_reference" && value !== null;

/** Corrections with one text in the column of all rows of a mistake. */
export function correctAll(corrections: Corrections, { header, rows }: Mistake, text: string): Corrections {
  if (header === null) return corrections;
  const added = [...rows].map((row) => [row, { ...corrections[row], [header]: text }] as const);
  return { ...corrections, ...Object.fromEntries(added) };
}

/** Stands for the rows that give an endpoint which something else has: no mistake, but worth a second look. */
export const TAKEN = "taken";

/** Numbers of the rows whose endpoint something else has. */
export const takenRows = (rows: readonly ImportRow[]): ReadonlySet<number> =>
  new Set(rows.filter((row) => row.same_endpoint.length > 0).map((row) => row.row));

/** The instances of the recycle bin that have the names of rows, each once. */
export const binnedIds = (rows: readonly ImportRow[]): number[] => [
  ...new Set(rows.flatMap((row) => row.binned_id ?? [])),
];
