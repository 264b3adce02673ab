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
}

/** Nothing registered is not the same as nothing found, nor as a page past the end. */
function NoRows({
  filtered,
  page,
  onClear,
  onFirst,
}: { filtered: boolean; page: number } & Pick<InstanceTableProps, "onClear" | "onFirst">) {
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
  const { frame, rows, asked, filtered, busy, columns, selected, onSort, onClear, onFirst } = props;
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
        empty={<NoRows filtered={filtered} page={asked.page} onClear={onClear} onFirst={onFirst} />}
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
