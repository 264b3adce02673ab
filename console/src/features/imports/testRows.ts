import type { ImportColumn, ImportRow } from "./types";

/** Parts of a report for tests: a column of the file, and a row that would be taken in as it is. */
export const column = (header: string, field: string | null, left_out = false): ImportColumn => ({
  header,
  field,
  left_out,
  samples: [],
});

export const row = (number: number, more: Partial<ImportRow> = {}): ImportRow => ({
  row: number,
  action: "insert",
  id: null,
  name: `db-${number}`,
  errors: [],
  changes: [],
  cells: null,
  binned_id: null,
  same_endpoint: [],
  ...more,
});
