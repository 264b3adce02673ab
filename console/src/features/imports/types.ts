import type { components } from "@/api/schema";
import type { Notice } from "@/api/types";

type Schemas = components["schemas"];
/** `warnings`: what the call that gave it asks to look at. */
export type Import = Schemas["Import"] & { warnings?: readonly Notice[] };
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
