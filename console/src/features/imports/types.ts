import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Import = Schemas["Import"];
export type ImportRecord = Schemas["ImportRecord"];
export type ImportRow = Schemas["ImportRow"];
export type ImportColumn = Schemas["ImportColumn"];
export type ColumnFault = Import["column_faults"][number];
export type RowAction = ImportRow["action"];
export type Change = ImportRow["changes"][number];

/** What each header of the file means; null leaves its column out. */
export type Mapping = Record<string, string | null>;
/** What cells hold instead, by number of the row and header. */
export type Corrections = Record<string, Record<string, string>>;
