import { flexRender, type Header } from "@tanstack/react-table";
import type { KeyboardEvent, PointerEvent } from "react";
import type { Selection, Sorting } from "./DataTable";
import { usePartTexts } from "./texts";

/** Pixels of the column with the checkboxes, as in DataTable.css. */
export const CHECK_WIDTH = 36;
/** Pixels that a press of Alt and an arrow changes a column by. */
const STEP = 16;
const SORTED = { asc: "ascending", desc: "descending" } as const;

/** Selects the page, or clears it; what other pages hold stays. */
export function PageCheckbox({ ids, selection }: { ids: readonly number[]; selection: Selection }) {
  const t = usePartTexts();
  const on = ids.filter((id) => selection.ids.has(id)).length;
  const all = ids.length > 0 && on === ids.length;
  const turn = (): void => {
    const next = new Set(selection.ids);
    for (const id of ids) {
      if (all) next.delete(id);
      else next.add(id);
    }
    selection.onChange(next);
  };
  return (
    <th scope="col" className="table-check table-sticky">
      <label className="table-target">
        <input
          type="checkbox"
          checked={all}
          ref={(box) => {
            if (box) box.indeterminate = on > 0 && !all;
          }}
          onChange={turn}
          aria-label={t("selectAll")}
        />
      </label>
    </th>
  );
}

interface HeadCellProps<T> {
  header: Header<T, unknown>;
  /** Where a column that stays stands, in pixels from the left. */
  left: number | undefined;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
}

/** The name of a column: sorts by a click, Alt and an arrow make it wider or narrower. */
export function HeadCell<T>({ header, left, sorting, onSort }: HeadCellProps<T>) {
  const { column, getContext, getSize } = header;
  const meta = column.columnDef.meta;
  const key = meta?.sort;
  const sorted = key !== undefined && sorting?.sort === key ? sorting.order : null;
  const label = (
    <span className={meta?.bareHead ? "visually-hidden" : "cut"}>
      {flexRender(column.columnDef.header, getContext())}
    </span>
  );
  // A narrow column shows less than its name.
  const tell = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.title = event.currentTarget.textContent?.replace(/[↑↓]$/, "") ?? "";
  };
  const resize = (event: KeyboardEvent): void => {
    if (!event.altKey || !column.getCanResize() || !/^Arrow(Left|Right)$/.test(event.key)) return;
    event.preventDefault();
    const size = column.getSize() + (event.key === "ArrowRight" ? STEP : -STEP);
    getContext().table.setColumnSizing((old) => ({ ...old, [column.id]: size }));
  };
  const names = [meta?.number ? "number" : "", left === undefined ? "" : "table-sticky"];
  return (
    <th
      scope="col"
      onPointerEnter={tell}
      style={{ width: meta?.grows ? undefined : getSize(), left }}
      className={names.join(" ").trim() || undefined}
      aria-sort={sorted === null ? undefined : SORTED[sorted]}
    >
      {key !== undefined && onSort ? (
        <button
          type="button"
          className="table-sort"
          onClick={() => onSort({ sort: key, order: sorted === "asc" ? "desc" : "asc" })}
          onKeyDown={resize}
        >
          {label}
          <span className="table-arrow" aria-hidden="true">
            {sorted === "desc" ? "↓" : "↑"}
          </span>
        </button>
      ) : (
        label
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
