import {
  type ColumnDef,
  type ColumnSizingState,
  getCoreRowModel,
  type RowData,
  useReactTable,
} from "@tanstack/react-table";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import "./DataTable.css";
import { BodyRow, type RowActions } from "./DataTableRow";
import { CHECK_WIDTH, HeadCell, PageCheckbox } from "./DataTableHead";
import { TableEdges } from "./TableEdges";
import { usePartTexts } from "./texts";
import { useRowKeys } from "./useRowKeys";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the declaration must match the library's
  interface ColumnMeta<TData extends RowData, TValue> {
    /** The key by which the server sorts; a column without one does not sort. */
    sort?: string;
    number?: boolean;
    /** Stays at the left while the others scroll; only for the first columns. */
    sticky?: boolean;
    /** Takes what width is left over. */
    grows?: boolean;
    /** The head is for who cannot see the column: it has no room for words. */
    bareHead?: boolean;
  }
}

export interface Sorting {
  sort: string;
  order: "asc" | "desc";
}

export interface Selection {
  ids: ReadonlySet<number>;
  onChange: (ids: ReadonlySet<number>) => void;
}

export interface DataTableProps<T> {
  /** What the table shows, for who cannot see it. */
  caption: string;
  columns: ColumnDef<T>[];
  rows: readonly T[];
  idOf: (row: T) => number;
  nameOf: (row: T) => string;
  /** While the first rows come: so many grey lines stand where they will be. */
  loadingRows?: number;
  /** The rows are old, new ones are on their way: a thin line says so, nothing jumps. */
  busy?: boolean;
  /** Stands under the head where there are no rows, nor any to come. */
  empty?: ReactNode;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selection?: Selection;
  /** The columns that are shown, by id and in this order; without it all are. */
  shown?: readonly string[];
  sizing?: ColumnSizingState;
  onSizing?: (sizing: ColumnSizingState) => void;
  /** Whether j, k and x belong to this table. */
  keys?: boolean;
  /** Fills the height that its place gives and scrolls within itself. */
  fills?: boolean;
}

/** The page's ids between two rows, both included. */
function between(ids: readonly number[], one: number, other: number): number[] {
  const [from, to] = [ids.indexOf(one), ids.indexOf(other)].sort((a, b) => a - b);
  return from === undefined || to === undefined || from === -1 ? [other] : ids.slice(from, to + 1);
}

/** Select one row, or with shift all between it and the one before; what other pages hold stays selected. */
function useRowActions(ids: readonly number[], selection: Selection | undefined) {
  const last = useRef<number | null>(null);
  const actions: RowActions = {
    toggle: (id, extend) => {
      if (!selection) return;
      const next = new Set(selection.ids);
      const on = !next.has(id);
      const touched = extend && last.current !== null ? between(ids, last.current, id) : [id];
      for (const one of touched) {
        if (on) next.add(one);
        else next.delete(one);
      }
      last.current = id;
      selection.onChange(next);
    },
  };
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  return latest;
}

/**
 * Rows of things of the API: the head stays, the server sorts and pages, columns keep their width.
 *
 * A link with `data-row-link` in a row is where j and k go to; Enter then opens it, x selects its row. Rows are drawn
 * anew only when they, their selection or the columns change.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, rows, idOf, nameOf, selection, shown, sizing, onSizing, loadingRows = 0 } = props;
  const t = usePartTexts();
  const frame = useRef<HTMLDivElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  const visibility = useMemo(
    () =>
      shown ? Object.fromEntries(columns.map((one) => [one.id ?? "", shown.includes(one.id ?? "")])) : {},
    [columns, shown],
  );
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoized by hand below
  const table = useReactTable({
    data,
    columns,
    getRowId: (row) => String(idOf(row)),
    getCoreRowModel: getCoreRowModel(),
    columnResizeMode: "onEnd",
    enableColumnResizing: onSizing !== undefined,
    state: { columnVisibility: visibility, columnOrder: [...(shown ?? [])], columnSizing: sizing ?? {} },
    onColumnSizingChange: (change) =>
      onSizing?.(typeof change === "function" ? change(sizing ?? {}) : change),
  });
  const ids = rows.map(idOf);
  const actions = useRowActions(ids, selection);
  useRowKeys(frame, {
    enabled: props.keys ?? false,
    onToggle: selection ? (id) => actions.current.toggle(id, false) : undefined,
  });

  const visible = table.getVisibleLeafColumns();
  const shape = visible.map((one) => `${one.id}:${one.getSize()}`).join(" ") + t("selectRow");
  const lefts = new Map<string, number>();
  let left = selection ? CHECK_WIDTH : 0;
  for (const column of visible) {
    if (!column.columnDef.meta?.sticky) break;
    lefts.set(column.id, left);
    left += column.getSize();
  }
  const width = table.getTotalSize() + (selection ? CHECK_WIDTH : 0);

  return (
    <div className={props.fills ? "table-box table-fills" : "table-box"}>
      <div
        className="table-frame"
        ref={frame}
        role="region"
        aria-label={props.caption}
        aria-busy={props.busy || (rows.length === 0 && loadingRows > 0)}
        tabIndex={0}
      >
        {props.busy && <span className="table-busy" aria-hidden="true" />}
        <table className="table" style={{ minWidth: width }}>
          <caption className="visually-hidden">{props.caption}</caption>
          <thead>
            <tr>
              {selection && <PageCheckbox ids={ids} selection={selection} />}
              {table.getFlatHeaders().map((header) => (
                <HeadCell
                  key={header.id}
                  header={header}
                  left={lefts.get(header.column.id)}
                  sorting={props.sorting}
                  onSort={props.onSort}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <BodyRow
                key={row.id}
                row={row}
                id={idOf(row.original)}
                name={nameOf(row.original)}
                selected={selection ? selection.ids.has(idOf(row.original)) : null}
                actions={actions}
                lefts={lefts}
                shape={shape}
              />
            ))}
            {Array.from({ length: rows.length === 0 ? loadingRows : 0 }, (_, index) => (
              <tr key={index} aria-hidden="true">
                {selection && <td />}
                {visible.map((column) => (
                  <td key={column.id}>
                    <span className="skeleton" />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && loadingRows === 0 && <div className="table-empty">{props.empty}</div>}
      </div>
      <TableEdges frame={frame} left={left} />
    </div>
  );
}
