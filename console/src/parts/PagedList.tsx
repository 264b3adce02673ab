import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DataTable, type DataTableProps } from "./DataTable";
import { Pager } from "./Pager";
import { Problem } from "./Problem";
import { PAGE_SIZES, type Paging } from "./usePaging";

interface Page<T> {
  items: T[];
  total: number | null;
  pages: number | null;
}

/** One page of a list of the API with the way to the others; failed and empty are states of it. */
export function PagedList<T>({
  list,
  paging,
  empty,
  ...table
}: Omit<DataTableProps<T>, "rows"> & {
  list: UseQueryResult<Page<T>>;
  paging: Paging;
  empty: ReactNode;
}) {
  const { data, error, refetch } = list;
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  const items = data?.items ?? [];
  if (data && items.length === 0 && paging.page === 1) return empty;
  return (
    <>
      <DataTable {...table} rows={items} />
      <Pager
        page={paging.page}
        limit={paging.limit}
        limits={PAGE_SIZES}
        shown={items.length}
        total={data?.total ?? undefined}
        more={paging.page < (data?.pages ?? 1)}
        onPage={paging.onPage}
        onLimit={paging.onLimit}
      />
    </>
  );
}
