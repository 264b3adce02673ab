import { writeCsv } from "./csv";
import { ERRORS_HEADER, ROW_HEADER } from "./mapping";
import type { Change, Corrections, Import, ImportRow, RowAction } from "./types";
import { DASH } from "@/parts/format";

export type Kind = RowAction | "all";
export const KINDS: readonly Kind[] = ["all", "error", "insert", "update", "unchanged"];

/** The rows of one kind whose name, number or faults hold the word; with `only`, none but those of these numbers. */
export function filterRows(
  rows: readonly ImportRow[],
  kind: Kind,
  word: string,
  only: ReadonlySet<number> | null = null,
): ImportRow[] {
  const wanted = word.trim().toLowerCase();
  return rows.filter((row) => {
    if (kind !== "all" && row.action !== kind) return false;
    if (only !== null && !only.has(row.row)) return false;
    if (wanted === "") return true;
    if (String(row.row) === wanted) return true;
    const texts = [row.name ?? "", ...row.errors.flatMap((one) => [one.field, one.message])];
    return texts.some((text) => text.toLowerCase().includes(wanted));
  });
}

/** Wrong rows come first: they are what has to be looked at. */
export function firstKind(report: Import): Kind {
  return report.summary.error > 0 ? "error" : "all";
}

/** A value of a field as one line of text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return DASH;
  if (Array.isArray(value)) return value.length === 0 ? DASH : value.map(valueText).join(", ");
  if (typeof value === "object") {
    const named = value as { name?: unknown };
    if (typeof named.name === "string") return named.name;
    return Object.keys(value).length === 0 ? DASH : JSON.stringify(value);
  }
  return String(value);
}

/** Of a new instance what the file says of it: fields that have a value, those that everybody knows first. */
export function newValues(row: ImportRow): Change[] {
  const first = ["db_type", "host", "port", "environment", "owner", "credential", "tag_names"];
  const rank = (field: string): number => (first.indexOf(field) + 1 || first.length + 1) - 1;
  return row.changes
    .filter((one) => one.field !== "name" && (one.secret || valueText(one.after) !== DASH))
    .sort((a, b) => rank(a.field) - rank(b.field));
}

/** The wrong rows as a file: their cells, their number and what is wrong; null where no cells are known. */
export function faultyCsv(report: Import): string | null {
  const headers = (report.columns ?? [])
    .filter((one) => one.field !== null)
    .map((one) => one.header)
    .filter((header) => header !== ROW_HEADER && header !== ERRORS_HEADER);
  const rows = report.rows.filter((row) => row.action === "error" && row.cells !== null);
  if (headers.length === 0 || rows.length === 0) return null;
  const lines = rows.map((row) => [
    ...headers.map((header) => row.cells?.[header] ?? ""),
    String(row.row),
    faultText(row),
  ]);
  return writeCsv([[...headers, ROW_HEADER, ERRORS_HEADER], ...lines]);
}

/** The mistakes of an import that was made, whose cells are not kept: name, number and what is wrong of each row. */
export function mistakesCsv(report: Import): string | null {
  const rows = report.rows.filter((row) => row.action === "error");
  if (rows.length === 0) return null;
  const lines = rows.map((row) => [row.name ?? "", String(row.row), faultText(row)]);
  return writeCsv([["name", ROW_HEADER, ERRORS_HEADER], ...lines]);
}

const faultText = (row: ImportRow): string =>
  row.errors.map((one) => `${one.field}: ${one.message}`).join("; ");

/** Corrections with those of one more row; a cell that says what the file says needs none. */
export function correct(
  corrections: Corrections,
  row: ImportRow,
  cells: Readonly<Record<string, string>>,
): Corrections {
  const known = corrections[row.row] ?? {};
  const changed = Object.entries(cells).filter(([header, text]) => (row.cells?.[header] ?? "") !== text);
  const merged = { ...known, ...Object.fromEntries(changed) };
  return Object.keys(merged).length === 0 ? corrections : { ...corrections, [row.row]: merged };
}

/** How many cells are corrected. */
export const correctedCells = (corrections: Corrections): number =>
  Object.values(corrections).reduce((sum, cells) => sum + Object.keys(cells).length, 0);
