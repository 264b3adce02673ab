import type { ReactNode } from "react";
import { Ago } from "@/parts/Ago";
import type { FieldWord } from "@/words/fields";
import type { Item } from "../queries";
import { Millis, Plain, Word, YesNo } from "./cells";

export interface Column {
  id: string;
  /** The name of the column. */
  word: FieldWord;
  size: number;
  /** The fields of the API that it shows. */
  fields: readonly string[];
  sort?: string;
  number?: boolean;
  cell: (item: Item) => ReactNode;
}

type TextField = {
  [K in keyof Item]-?: NonNullable<Item[K]> extends string | number ? K : never;
}[keyof Item];
export const plain = (
  id: TextField & FieldWord,
  size: number,
  options: Partial<Column> & { mono?: boolean } = {},
): Column => ({
  id,
  word: id,
  size,
  fields: [id],
  sort: id,
  cell: (item) => <Plain value={item[id]} mono={options.mono ?? false} />,
  ...options,
});

type TimeField =
  | "last_attempt_at"
  | "last_success_at"
  | "last_error_at"
  | "last_connected"
  | "last_sync_time"
  | "outcome_since"
  | "tls_not_after"
  | "muted_until"
  | "created_at"
  | "updated_at"
  | "deleted_at";
export const time = (id: TimeField): Column => ({
  id,
  word: id,
  size: 120,
  fields: [id],
  sort: id,
  cell: (item) => <Ago at={item[id]} />,
});

export const word = (
  id: "role" | "tls_state" | "status" | "lifecycle" | "endpoint_kind" | "platform",
): Column => ({
  ...plain(id, 100),
  cell: (item) => <Word value={item[id]} />,
});
export const yesNo = (id: "is_active" | "tls_legacy" | "tls_client_key_set", sort?: string): Column => ({
  id,
  word: id,
  size: 90,
  fields: [id],
  sort,
  cell: (item) => <YesNo value={item[id]} />,
});
export const millis = (id: "connect_timeout_ms" | "statement_timeout_ms" | "deadline_ms"): Column => ({
  ...plain(id, 110, { number: true }),
  cell: (item) => <Millis value={item[id]} />,
});
export const named = (id: "cluster" | "credential" | "admin_credential"): Column => ({
  id,
  word: id,
  size: 140,
  fields: [id],
  sort: id,
  cell: (item) => <Plain value={item[id]?.name} />,
});
export const pairs = (id: "external_ids" | "custom"): Column => ({
  id,
  word: id,
  size: 180,
  fields: [id],
  cell: (item) => (
    <Plain
      value={Object.entries(item[id] ?? {})
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(", ")}
    />
  ),
});
