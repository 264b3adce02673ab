import {
  type ColumnDef,
  type ColumnSizingState,
  flexRender,
  getCoreRowModel,
  type Header,
  type Row,
  type RowData,
  useReactTable,
  type VisibilityState,
} from "@tanstack/react-table";
import { memo, type RefObject, useMemo, useRef } from "react";
import "./DataTable.css";
import { usePartTexts } from "./texts";
import { useRowKeys } from "./useRowKeys";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the declaration must match the library's
  interface ColumnMeta<TData extends RowData, TValue> {
    /** The key by which the server sorts; a column without one does not sort. */
    sort?: string;
    number?: boolean;
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
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selection?: Selection;
  visibility?: VisibilityState;
  sizing?: ColumnSizingState;
  onSizing?: (sizing: ColumnSizingState) => void;
  /** Whether j, k and x belong to this table. */
  keys?: boolean;
}

function HeadCell<T>({
  header,
  sorting,
  onSort,
}: { header: Header<T, unknown> } & Pick<DataTableProps<T>, "sorting" | "onSort">) {
  const { column } = header;
  const key = column.columnDef.meta?.sort;
  const sorted = key !== undefined && sorting?.sort === key ? sorting.order : null;
  const label = flexRender(column.columnDef.header, header.getContext());
  return (
    <th
      scope="col"
      style={{ width: header.getSize() }}
      className={column.columnDef.meta?.number ? "number" : undefined}
      aria-sort={sorted === null ? undefined : sorted === "asc" ? "ascending" : "descending"}
    >
      {key !== undefined && onSort ? (
        <button
          type="button"
          className="table-sort"
          onClick={() => onSort({ sort: key, order: sorted === "asc" ? "desc" : "asc" })}
        >
          <span className="cut">{label}</span>
          <span aria-hidden="true">{sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}</span>
        </button>
      ) : (
        <span className="cut">{label}</span>
      )}
      {column.getCanResize() && (
        <span
          className="table-resizer"
          aria-hidden="true"
          onPointerDown={(event) => header.getResizeHandler()(event.nativeEvent)}
          onDoubleClick={() => column.resetSize()}
        />
      )}
    </th>
  );
}

interface BodyRowProps<T> {
  row: Row<T>;
  id: number;
  name: string;
  selected: boolean | null;
  toggle: RefObject<(id: number) => void>;
  /** Changes whenever the columns do, so that a memoized row sees it. */
  shape: string;
}

function BodyRowInner<T>({ row, id, name, selected, toggle }: BodyRowProps<T>) {
  const t = usePartTexts();
  return (
    <tr data-row={id} className={selected ? "table-selected" : undefined}>
      {selected !== null && (
        <td className="table-check">
          <input
            type="checkbox"
            checked={selected}
            onChange={() => toggle.current(id)}
            aria-label={t("selectRow", { name })}
          />
        </td>
      )}
      {row.getVisibleCells().map((cell) => (
        <td key={cell.id} className={cell.column.columnDef.meta?.number ? "number" : undefined}>
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </td>
      ))}
    </tr>
  );
}

const BodyRow = memo(
  BodyRowInner,
  (before, after) =>
    before.row.original === after.row.original &&
    before.selected === after.selected &&
    before.shape === after.shape,
) as typeof BodyRowInner;

/**
 * Rows of things of the API: the head stays, the server sorts and pages, columns keep their width.
 *
 * A link with `data-row-link` in a row is where j and k go to; Enter then opens it, x selects its row.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, rows, idOf, nameOf, selection, visibility, sizing, onSizing, loadingRows = 0 } = props;
  const t = usePartTexts();
  const frame = useRef<HTMLDivElement>(null);
  const data = useMemo(() => [...rows], [rows]);
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoized by hand below
  const table = useReactTable({
    data,
    columns,
    getRowId: (row) => String(idOf(row)),
    getCoreRowModel: getCoreRowModel(),
    columnResizeMode: "onEnd",
    enableColumnResizing: onSizing !== undefined,
    state: { columnVisibility: visibility ?? {}, columnSizing: sizing ?? {} },
    onColumnSizingChange: (change) =>
      onSizing?.(typeof change === "function" ? change(sizing ?? {}) : change),
  });
  const toggleOne = (id: number): void => {
    if (!selection) return;
    const next = new Set(selection.ids);
    if (!next.delete(id)) next.add(id);
    selection.onChange(next);
  };
  const toggle = useRef(toggleOne);
  toggle.current = toggleOne;
  useRowKeys(frame, { enabled: props.keys ?? false, onToggle: selection ? toggleOne : undefined });

  const visible = table.getVisibleLeafColumns();
  const shape = visible.map((one) => `${one.id}:${one.getSize()}`).join(" ") + t("selectRow");
  const all = rows.length > 0 && rows.every((row) => selection?.ids.has(idOf(row)));

  return (
    <div className="table-frame" ref={frame} role="region" aria-label={props.caption} tabIndex={-1}>
      <table className="table" style={{ minWidth: table.getTotalSize() + (selection ? 36 : 0) }}>
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className="table-check">
                <input
                  type="checkbox"
                  checked={all}
                  onChange={() => selection.onChange(new Set(all ? [] : rows.map(idOf)))}
                  aria-label={t("selectAll")}
                />
              </th>
            )}
            {table.getFlatHeaders().map((header) => (
              <HeadCell key={header.id} header={header} sorting={props.sorting} onSort={props.onSort} />
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
              toggle={toggle}
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
    </div>
  );
}
