import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { one } from "@/app/search";
import { PurgeDialog } from "@/features/instances-actions/PurgeDialog";
import { Refused } from "@/features/instances-actions/Refused";
import { useRestoreInstance } from "@/features/instances-actions/useInstanceWrites";
import { Forbidden } from "@/parts/Forbidden";
import { PagedList } from "@/parts/PagedList";
import { Screen } from "@/parts/Screen";
import { SearchBox } from "@/parts/SearchBox";
import { usePaging } from "@/parts/usePaging";
import { useCan, useMe } from "@/session/me";
import { BulkBar, NothingHere, PurgeWho } from "./BinParts";
import { BulkPurgeDialog } from "./BulkPurgeDialog";
import { useBinColumns } from "./columns";
import { type Binned, binQuery, sortingOf } from "./queries";
import "./RecycleBinScreen.css";
import { useBinTexts } from "./texts";
import { useBinRestore } from "./useBinRestore";

const NONE: ReadonlySet<number> = new Set();

/** What is selected on a page; who goes to another page selects anew, also back on the first. */
function useSelectionOn(page: string) {
  const [chosen, setChosen] = useState({ on: page, ids: NONE });
  const isHere = chosen.on === page;
  if (!isHere) setChosen({ on: page, ids: NONE });
  return {
    ids: isHere ? chosen.ids : NONE,
    onChange: (ids: ReadonlySet<number>) => setChosen({ on: page, ids }),
  };
}

function Bin() {
  const t = useBinTexts();
  const can = useCan();
  const paging = usePaging();
  const { page, limit, change } = paging;
  const search = one(paging.search, "search") ?? "";
  const sorting = sortingOf(paging.search);
  const list = useQuery(binQuery(page, limit, search, sorting));
  const selection = useSelectionOn(`${page} ${limit} ${search}`);
  const [purging, setPurging] = useState<Binned | null>(null);
  const [isPurgingMany, setIsPurgingMany] = useState(false);
  const { mutate: restoreOne } = useRestoreInstance();
  const many = useBinRestore(selection.onChange);

  const onRestore = useCallback((row: Binned) => restoreOne({ id: row.id, name: row.name }), [restoreOne]);
  const columns = useBinColumns(onRestore, setPurging);
  const onSearch = (text: string): void => change({ search: text, page: undefined });
  const picked = (list.data?.items ?? []).filter((row) => selection.ids.has(row.id));

  return (
    <Screen title={t("title")} lead={t("lead")}>
      <div className="bin-tools">
        <SearchBox value={search} label={t("search")} onChange={onSearch} />
        <PurgeWho />
      </div>
      <Refused end={many.trouble} />
      <PagedList<Binned>
        list={list}
        paging={paging}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        loadingRows={8}
        sorting={sorting}
        onSort={(wanted) => change({ ...wanted, page: undefined })}
        selection={can("update") || can("purge") ? selection : undefined}
        keys
        empty={<NothingHere isSearch={search !== ""} onClear={() => onSearch("")} />}
      />
      {picked.length > 0 && (
        <BulkBar
          count={picked.length}
          isPending={many.isPending}
          onRestore={() => many.mutate(picked.map((row) => row.id))}
          onPurge={() => setIsPurgingMany(true)}
          onClear={() => selection.onChange(NONE)}
        />
      )}
      {isPurgingMany && (
        <BulkPurgeDialog
          instances={picked}
          onPurged={(gone) => selection.onChange(new Set([...selection.ids].filter((id) => !gone.has(id))))}
          onClose={() => setIsPurgingMany(false)}
        />
      )}
      {purging && <PurgeDialog instance={purging} onClose={() => setPurging(null)} />}
    </Screen>
  );
}

/** Where deleted instances wait: who deleted what, when and why; restored one by one or together, or purged. */
export function RecycleBinScreen() {
  const t = useBinTexts();
  const can = useCan();
  const me = useMe();
  if (me === null || can("view")) return <Bin />;
  return (
    <Screen title={t("title")}>
      <Forbidden action="view" />
    </Screen>
  );
}
