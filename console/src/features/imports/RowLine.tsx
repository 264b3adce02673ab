import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ChevronDown, ChevronRight } from "lucide-react";
import { memo, type ReactNode } from "react";
import { ActionMark } from "./ActionMark";
import { cellOf } from "./mistakes";
import { Details, Summary } from "./RowDetails";
import { useImportTexts } from "./texts";
import type { ImportColumn, ImportRow } from "./types";
import { Nothing } from "@/parts/Nothing";

interface LineProps {
  row: ImportRow;
  columns: readonly ImportColumn[];
  open: boolean;
  onToggle: (row: number) => void;
  aside: ((row: ImportRow) => ReactNode) | undefined;
  below: ((row: ImportRow) => ReactNode) | undefined;
}

/** One row and, below it, all that there is to say of it. */
export const RowLine = memo(function RowLine({ row, columns, open, onToggle, aside, below }: LineProps) {
  const t = useImportTexts();
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr>
        <td className="import-open">
          <Button
            type="text"
            size="small"
            icon={<Chevron size={14} aria-hidden="true" />}
            aria-expanded={open}
            aria-label={t("details", { row: row.row })}
            onClick={() => onToggle(row.row)}
          />
        </td>
        <td className="number">{row.row}</td>
        <td>
          <ActionMark action={row.action} />
        </td>
        <td className="import-name">
          {row.id === null ? (
            (row.name ?? (cellOf(row, columns, "name") || <Nothing />))
          ) : (
            <Link to="/instances/$instanceId" params={{ instanceId: String(row.id) }}>
              {row.name}
            </Link>
          )}
        </td>
        <td>
          <Summary row={row} columns={columns} />
        </td>
        {aside && <td>{aside(row)}</td>}
      </tr>
      {open && (
        <tr className="import-detail">
          <td colSpan={aside ? 6 : 5}>
            <Details row={row} />
            {below?.(row)}
          </td>
        </tr>
      )}
    </>
  );
});
