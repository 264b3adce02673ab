import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type RefObject, useDeferredValue } from "react";
import { DataTable, type Sorting } from "@/parts/DataTable";
import { Empty } from "@/parts/Empty";
import { useCan } from "@/session/me";
import type { ListQuery } from "./address";
import type { Selected } from "./bulk/useSelection";
import { TABLE_COLUMNS } from "./columns/columns";
import { resizeColumns } from "./columns/state";
import type { Columns } from "./columns/useColumns";
import type { Item } from "./queries";
import { useListTexts } from "./texts";

interface InstanceTableProps {
  frame: RefObject<HTMLDivElement | null>;
  rows: readonly Item[] | undefined;
  asked: ListQuery;
  filtered: boolean;
  busy: boolean;
  columns: Columns;
  selected: Selected;
  onSort: (sorting: Sorting) => void;
  onClear: () => void;
  onFirst: () => void;
  /** Another reading of the filter, offered where this one finds nothing. */
  instead: { condition: string; onTake: () => void } | null;
}

/** Nothing registered is not the same as nothing found, nor as a page past the end. */
function NoRows({
  filtered,
  page,
  onClear,
  onFirst,
  instead,
}: { page: number } & Pick<InstanceTableProps, "filtered" | "onClear" | "onFirst" | "instead">) {
  const t = useListTexts();
  const can = useCan();
  if (page > 1)
    return (
      <Empty title={t("pastEnd")}>
        <Button onClick={onFirst}>{t("toFirst")}</Button>
      </Empty>
    );
  if (filtered)
    return (
      <Empty title={t("nothingMatches")} hint={t("nothingMatchesHint")}>
        {instead && (
          <Button onClick={instead.onTake}>{t("instead", { condition: instead.condition })}</Button>
        )}
        <Button onClick={onClear}>{t("clear")}</Button>
      </Empty>
    );
  return (
    <Empty title={t("nothingYet")} hint={t("nothingYetHint")}>
      {can("create") && (
        <>
          <Link to="/instances/new">{t("create")}</Link>
          <Link to="/import">{t("import")}</Link>
        </>
      )}
    </Empty>
  );
}

const idOf = (item: Item): number => item.id;
const nameOf = (item: Item): string => item.name ?? String(item.id);
const NONE: readonly Item[] = [];

export function InstanceTable(props: InstanceTableProps) {
  const { frame, rows, asked, busy, columns, selected, onSort } = props;
  const t = useListTexts();
  // A hundred rows are drawn in small steps, so that typing goes on meanwhile.
  const drawn = useDeferredValue(rows);
  return (
    <div className="instances-table" ref={frame}>
      <DataTable
        fills
        keys
        caption={t("caption")}
        columns={TABLE_COLUMNS}
        rows={drawn ?? NONE}
        idOf={idOf}
        nameOf={nameOf}
        loadingRows={drawn === undefined ? asked.limit : 0}
        busy={busy || drawn !== rows}
        empty={<NoRows {...props} page={asked.page} />}
        sorting={asked}
        onSort={onSort}
        selection={{ ids: selected.ids, onChange: selected.set }}
        shown={columns.state.shown}
        sizing={columns.state.widths}
        onSizing={(widths) => columns.change(resizeColumns(columns.state, widths))}
      />
    </div>
  );
}
