import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { one } from "@/app/search";
import type { AuditEvent } from "@/api/types";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { PagedList } from "@/parts/PagedList";
import { Screen } from "@/parts/Screen";
import { usePaging } from "@/parts/usePaging";
import { useCan } from "@/session/me";
import { ChainBar } from "./ChainBar";
import { useAuditColumns } from "./columns";
import { EventDrawer } from "./EventDrawer";
import { type Actor, FilterRow } from "./FilterRow";
import { type AuditFilters, filtersOf, urlOf } from "./filters";
import { actorsQuery, eventsQuery } from "./queries";
import { useAuditTexts } from "./texts";

/** Whose events can be asked for: all users for who may list them, else those who are seen here. */
function useActors(events: readonly AuditEvent[]): Actor[] {
  const users = useQuery({ ...actorsQuery, enabled: useCan()("users") }).data ?? [];
  const seen = events.flatMap(({ actor: { id, username } }) => (id === null ? [] : [{ id, username }]));
  const all = new Map([...seen, ...users].map((each) => [each.id, each]));
  return [...all.values()].sort((a, b) => a.username.localeCompare(b.username));
}

function Log() {
  const t = useAuditTexts();
  const paging = usePaging();
  const filters = filtersOf(paging.search);
  const list = useQuery(eventsQuery(filters, paging.page, paging.limit));
  const columns = useAuditColumns();
  const actors = useActors(list.data?.items ?? []);
  const opened = Number(one(paging.search, "event"));
  const change = (part: AuditFilters): void => paging.change(urlOf(part));
  const clear = (): void => change(Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])));
  return (
    <>
      <FilterRow
        filters={filters}
        actors={actors}
        busy={list.isFetching}
        onChange={change}
        onRefresh={() => void list.refetch()}
      />
      <PagedList
        list={list}
        paging={paging}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => `#${row.id}`}
        loadingRows={12}
        keys
        empty={
          <Empty title={t("empty")} hint={t("emptyHint")}>
            {Object.keys(filters).length > 0 && <Button onClick={clear}>{t("clear")}</Button>}
          </Empty>
        }
      />
      {Number.isSafeInteger(opened) && opened > 0 && (
        <EventDrawer key={opened} id={opened} onClose={() => paging.change({ event: undefined })} />
      )}
    </>
  );
}

/** Who changed what in Muster, when, and whether the record of it holds. */
export function AuditScreen() {
  const t = useAuditTexts();
  const can = useCan();
  return (
    <Screen title={t("title")}>
      {can("audit") ? (
        <>
          <ChainBar />
          <Log />
        </>
      ) : (
        <Forbidden action="audit" />
      )}
    </Screen>
  );
}
