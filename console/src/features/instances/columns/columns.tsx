import type { ColumnDef } from "@tanstack/react-table";
import { type FieldWord, useFieldTexts } from "@/words/fields";
import type { Item } from "../queries";
import "./cells.css";
import {
  Criticality,
  EndpointCell,
  Engine,
  Environment,
  LastCheck,
  Name,
  Outcome,
  Plain,
  Tags,
} from "./cells";
import { type Column, plain, time, word, yesNo, millis, named, pairs } from "./kinds";
import type { ColumnState } from "./state";

/** All columns, in the order of the menu. */
export const COLUMNS: readonly Column[] = [
  {
    id: "mark",
    word: "mark",
    size: 34,
    fields: ["last_outcome"],
    sort: "last_outcome",
    cell: (item) => <Outcome item={item} bare />,
  },
  {
    id: "name",
    word: "name",
    size: 126,
    fields: ["name", "status"],
    sort: "name",
    cell: (item) => <Name item={item} />,
  },
  {
    id: "engine",
    word: "engine",
    size: 124,
    fields: ["db_type", "main_version", "flavour"],
    sort: "db_type",
    cell: (item) => <Engine item={item} />,
  },
  {
    id: "endpoint",
    word: "endpoint",
    size: 160,
    fields: ["host", "port"],
    sort: "host",
    cell: (item) => <EndpointCell item={item} />,
  },
  { ...plain("environment", 104), cell: (item) => <Environment of={item.environment} /> },
  { id: "tags", word: "tags", size: 120, fields: ["tags"], cell: (item) => <Tags item={item} /> },
  plain("owner", 80),
  {
    id: "last_check",
    word: "last_check",
    size: 164,
    fields: ["last_attempt_at", "last_cause", "last_outcome"],
    sort: "last_attempt_at",
    cell: (item) => <LastCheck item={item} />,
  },
  { ...plain("criticality", 84, { number: true }), cell: (item) => <Criticality value={item.criticality} /> },
  {
    id: "outcome",
    word: "last_outcome",
    size: 110,
    fields: ["last_outcome"],
    sort: "last_outcome",
    cell: (item) => <Outcome item={item} bare={false} />,
  },
  plain("last_cause", 180, { mono: true }),
  time("last_attempt_at"),
  time("last_success_at"),
  time("last_error_at"),
  time("outcome_since"),
  time("last_connected"),
  time("last_sync_time"),
  plain("flavour", 110),
  plain("main_version", 100, { mono: true }),
  plain("database_version", 150, { mono: true }),
  plain("detailed_version", 220, { mono: true }),
  word("role"),
  word("tls_state"),
  time("tls_not_after"),
  plain("last_network", 130, { mono: true }),
  word("status"),
  word("lifecycle"),
  yesNo("is_active", "is_active"),
  word("endpoint_kind"),
  word("platform"),
  plain("contact", 140),
  plain("location", 120),
  plain("description", 220),
  named("cluster"),
  named("credential"),
  named("admin_credential"),
  plain("host", 170, { mono: true }),
  plain("port", 70, { mono: true, number: true }),
  plain("database_name", 120, { mono: true }),
  plain("service_name", 120, { mono: true }),
  plain("sid", 90, { mono: true }),
  plain("instance_name", 120, { mono: true }),
  plain("tls_mode", 110),
  yesNo("tls_legacy", "tls_legacy"),
  yesNo("tls_client_key_set"),
  millis("connect_timeout_ms"),
  millis("statement_timeout_ms"),
  millis("deadline_ms"),
  plain("active_db_count", 90, { number: true }),
  plain("active_account_count", 90, { number: true }),
  pairs("external_ids"),
  pairs("custom"),
  time("muted_until"),
  time("created_at"),
  time("updated_at"),
  plain("version", 80, { number: true }),
  plain("id", 70, { number: true }),
  time("deleted_at"),
  {
    id: "deleted_by",
    word: "deleted_by",
    size: 110,
    fields: ["deleted_by"],
    sort: "deleted_by",
    cell: (item) => <Plain value={item.deleted_by?.username} />,
  },
  plain("delete_reason", 180),
];

export const COLUMN_IDS: readonly string[] = COLUMNS.map((one) => one.id);

/** They stay where they are: without them a row has no name. */
export const FIXED: ReadonlySet<string> = new Set(["mark", "name"]);

export const USUAL_COLUMNS: ColumnState = {
  shown: ["mark", "name", "engine", "endpoint", "environment", "tags", "owner", "last_check", "criticality"],
  widths: {},
};

/** What acts on rows must know of them, whatever is shown. */
export const ROW_FIELDS = ["id", "name", "status", "lifecycle", "tags", "is_active"] as const;

/** The fields that the API is asked for. */
export function fieldsOf(shown: readonly string[]): string[] {
  const fields = COLUMNS.filter((one) => shown.includes(one.id)).flatMap((one) => one.fields);
  return [...new Set([...ROW_FIELDS, ...fields])].sort();
}

function Head({ of }: { of: FieldWord }) {
  const t = useFieldTexts();
  return t(of);
}

export const TABLE_COLUMNS: ColumnDef<Item>[] = COLUMNS.map((column) => ({
  id: column.id,
  size: column.size,
  minSize: 40,
  enableResizing: column.id !== "mark",
  header: () => <Head of={column.word} />,
  cell: ({ row }) => column.cell(row.original),
  meta: {
    sort: column.sort,
    number: column.number ?? false,
    sticky: FIXED.has(column.id),
    bareHead: column.id === "mark",
  },
}));
