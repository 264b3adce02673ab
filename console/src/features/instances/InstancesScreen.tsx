import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import type { Search } from "@/app/search";
import { CheckRunBar } from "@/checks/CheckRunBar";
import { count } from "@/parts/format";
import { Pager } from "@/parts/Pager";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { LIMITS, listQueryOf, withFilter, withPaging } from "./address";
import { BulkBar } from "./bulk/BulkBar";
import { FailedLink } from "./bulk/FailedLink";
import { useListChecks } from "./bulk/useListChecks";
import { useSelection } from "./bulk/useSelection";
import { fieldsOf } from "./columns/columns";
import { useColumns } from "./columns/useColumns";
import { useExport } from "./exporting";
import { FilterBox } from "./filter/FilterBox";
import { FilterChips, FilterFaults } from "./filter/FilterChips";
import { printFilter, readFilter } from "./filter/filter";
import { asOneValue } from "./filter/oneValue";
import { useAliases } from "./filter/useSources";
import "./InstancesScreen.css";
import { InstanceTable } from "./InstanceTable";
import { HeadActions, ListActions } from "./ListActions";
import { useInstances } from "./queries";
import { useListTexts } from "./texts";
import { useListKeys } from "./useListKeys";
import { ViewStrip } from "./views/ViewStrip";

/** The register: a filter whose text is the state, a page of what matches, and what can be done with many. */
export function InstancesScreen() {
  const t = useListTexts();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  const aliases = useAliases();
  const box = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLDivElement>(null);
  const columns = useColumns();
  const exportFile = useExport();
  const checks = useListChecks();

  const text = printFilter(search);
  const filter = useMemo(() => readFilter(text, aliases), [text, aliases]);
  const instead = useMemo(() => asOneValue(text, aliases), [text, aliases]);
  const asked = useMemo(() => listQueryOf(filter, search), [filter, search]);
  const { page, limit } = asked;
  const fields = useMemo(() => fieldsOf(columns.state.shown), [columns.state.shown]);
  const list = useInstances(asked, fields);
  const rows = list.page.data;
  const selected = useSelection(asked, rows ?? NONE);

  const show = (next: Search, replace = false): void => {
    void navigate({ to: "/instances", search: next, replace });
  };
  const toFilter = (query: Search, replace = false): void => show(withFilter(search, query), replace);
  const toPage = (to: number): void => show(withPaging(search, { page: to }));
  useListKeys({ box, table, page, more: list.more, onPage: toPage });

  return (
    <Screen title={t("title")} actions={<HeadActions />}>
      <div className="instances">
        <ViewStrip search={search} />
        <div className="instances-bar">
          <FilterBox search={search} aliases={aliases} input={box} onQuery={toFilter} />
          <ListActions
            faulty={filter.faulty}
            onExport={(format) => exportFile(format, asked.request())}
            columns={columns}
          />
        </div>
        <div className="instances-conditions">
          <div className="instances-says">
            <span className="soft nowrap">
              {list.total.data === undefined ? "" : t("count", { total: count(list.total.data) })}
            </span>
            <FilterChips search={search} filter={filter} onQuery={toFilter} />
          </div>
          <FilterFaults filter={filter} text={text} />
        </div>
        {list.page.error && <Problem error={list.page.error} onRetry={() => void list.page.refetch()} />}
        {(rows !== undefined || !list.page.error) && (
          <InstanceTable
            frame={table}
            rows={rows}
            asked={asked}
            filtered={filter.tokens.length > 0}
            busy={list.page.isPlaceholderData}
            columns={columns}
            selected={selected}
            onSort={(sorting) => show(withPaging(search, { ...sorting, page: 1 }))}
            onClear={() => toFilter({})}
            onFirst={() => toPage(1)}
            instead={
              instead && {
                condition: instead.condition,
                onTake: () => toFilter(readFilter(instead.text, aliases).query),
              }
            }
          />
        )}
        {checks.run && (
          <CheckRunBar run={checks.run} onStop={checks.stop} onDismiss={checks.dismiss}>
            <FailedLink ids={checks.run.failed} />
          </CheckRunBar>
        )}
        <BulkBar
          selected={selected}
          total={filter.faulty ? undefined : list.total.data}
          onCheck={(ids) => void checks.start(() => ids)}
          onExport={(format, ids) => exportFile(format, { id: ids.map(String) })}
        />
        <Pager
          page={page}
          limit={limit}
          limits={LIMITS}
          shown={rows?.length ?? 0}
          total={list.total.data}
          more={list.more}
          onPage={toPage}
          onLimit={(to) => show(withPaging(search, { limit: to, page: 1 }))}
        />
      </div>
    </Screen>
  );
}

const NONE: readonly never[] = [];
