import { flexRender, type Row } from "@tanstack/react-table";
import { memo, type RefObject } from "react";
import { usePartTexts } from "./texts";

export interface RowActions {
  /** Select the row or clear it; `extend` takes along all rows since the one before. */
  toggle: (id: number, extend: boolean) => void;
}

interface BodyRowProps<T> {
  row: Row<T>;
  id: number;
  name: string;
  selected: boolean | null;
  actions: RefObject<RowActions>;
  /** Where the columns that stay stand, in pixels from the left. */
  lefts: ReadonlyMap<string, number>;
  /** Changes whenever the columns do, so that a memoized row sees it. */
  shape: string;
}

function BodyRowInner<T>({ row, id, name, selected, actions, lefts }: BodyRowProps<T>) {
  const t = usePartTexts();
  return (
    <tr data-row={id} className={selected ? "table-selected" : undefined}>
      {selected !== null && (
        <td className="table-check table-sticky">
          <label className="table-target">
            <input
              type="checkbox"
              checked={selected}
              onChange={(event) =>
                actions.current.toggle(id, (event.nativeEvent as unknown as MouseEvent).shiftKey === true)
              }
              aria-label={t("selectRow", { name })}
            />
          </label>
        </td>
      )}
      {row.getVisibleCells().map((cell) => {
        const left = lefts.get(cell.column.id);
        const names = [
          cell.column.columnDef.meta?.number ? "number" : "",
          left === undefined ? "" : "table-sticky",
        ];
        return (
          <td
            key={cell.id}
            className={names.join(" ").trim() || undefined}
            style={left === undefined ? undefined : { left }}
          >
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </td>
        );
      })}
    </tr>
  );
}

export const BodyRow = memo(
  BodyRowInner,
  (before, after) =>
    before.row.original === after.row.original &&
    before.selected === after.selected &&
    before.shape === after.shape,
) as typeof BodyRowInner;
