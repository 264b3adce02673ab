import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Pagination } from "antd";
import { useCallback, useEffect, useState } from "react";
import type { Search } from "@/app/search";
import { PurgeDialog } from "@/features/instances-actions/PurgeDialog";
import { Refused } from "@/features/instances-actions/Refused";
import { useRestoreInstance } from "@/features/instances-actions/useInstanceWrites";
import { DataTable } from "@/parts/DataTable";
import { Forbidden } from "@/parts/Forbidden";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { usePartTexts } from "@/parts/texts";
import { useCan, useMe } from "@/session/me";
import { BulkBar, NothingHere, PurgeWho } from "./BinParts";
import { BulkPurgeDialog } from "./BulkPurgeDialog";
import { useBinColumns } from "./columns";
import { type Binned, binQuery, binState, PAGE_SIZES } from "./queries";
import "./RecycleBinScreen.css";
import { SearchBox } from "./SearchBox";
import { useBinTexts } from "./texts";
import { useBinRestore } from "./useBinRestore";

const NONE: ReadonlySet<number> = new Set();
function Bin() {
  const t = useBinTexts();
  const p = usePartTexts();
  const can = useCan();
  const navigate = useNavigate();
  const state = binState(useSearch({ strict: false }) as Search);
  const found = useQuery(binQuery(state));
  const [selected, setSelected] = useState<ReadonlySet<number>>(NONE);
  const [purging, setPurging] = useState<Binned | null>(null);
  const [isPurgingMany, setIsPurgingMany] = useState(false);
  const { mutate: restoreOne } = useRestoreInstance();
  const many = useBinRestore(setSelected);

  const onRestore = useCallback((one: Binned) => restoreOne({ id: one.id, name: one.name }), [restoreOne]);
  const columns = useBinColumns(onRestore, setPurging);
  const go = (change: Record<string, string | undefined>): void =>
    void navigate({
      to: "/recycle-bin",
      search: ((before: Search) => ({ ...before, page: undefined, ...change })) as never,
    });
  const onSearch = useCallback(
    (text: string) => {
      setSelected(NONE);
      void navigate({
        to: "/recycle-bin",
        search: ((before: Search) => ({ ...before, page: undefined, search: text || undefined })) as never,
        replace: true,
      });
    },
    [navigate],
  );

  const rows = found.data?.items ?? [];
  const total = found.data?.total ?? 0;
  const isEmpty = found.data !== undefined && rows.length === 0 && total === 0;
  const lastPage = found.data?.pages ?? 0;
  // The last row of the last page left the bin.
  useEffect(() => {
    if (lastPage > 0 && state.page > lastPage) {
      void navigate({
        to: "/recycle-bin",
        search: ((before: Search) => ({ ...before, page: String(lastPage) })) as never,
        replace: true,
      });
    }
  }, [lastPage, state.page, navigate]);
  const picked = rows.filter((row) => selected.has(row.id));

  return (
    <Screen title={t("title")} lead={t("lead")}>
      <div className="bin-tools">
        <SearchBox value={state.search} onSearch={onSearch} />
        <PurgeWho />
      </div>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      <Refused end={many.trouble} />
      {isEmpty && <NothingHere isSearch={state.search !== ""} onClear={() => onSearch("")} />}
      {!isEmpty && !(found.error && rows.length === 0) && (
        <DataTable<Binned>
          caption={t("title")}
          columns={columns}
          rows={rows}
          idOf={(row) => row.id}
          nameOf={(row) => row.name}
          loadingRows={8}
          sorting={state.sorting}
          onSort={({ sort, order }) => go({ sort, order })}
          selection={can("update") || can("purge") ? { ids: selected, onChange: setSelected } : undefined}
          keys
        />
      )}
      {total > PAGE_SIZES[0] && (
        <div className="bin-foot">
          <Pagination
            current={state.page}
            pageSize={state.limit}
            total={total}
            pageSizeOptions={[...PAGE_SIZES]}
            showSizeChanger
            size="small"
            showTotal={(all, [from, to]) => p("range", { from, to, total: all })}
            onChange={(page, limit) => {
              setSelected(NONE);
              go({ page: limit === state.limit ? String(page) : undefined, limit: String(limit) });
            }}
          />
        </div>
      )}
      {picked.length > 0 && (
        <BulkBar
          count={picked.length}
          isPending={many.isPending}
          onRestore={() => many.mutate(picked.map((one) => one.id))}
          onPurge={() => setIsPurgingMany(true)}
          onClear={() => setSelected(NONE)}
        />
      )}
      {isPurgingMany && (
        <BulkPurgeDialog
          instances={picked}
          onPurged={(gone) => setSelected((before) => new Set([...before].filter((id) => !gone.has(id))))}
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
