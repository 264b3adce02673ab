import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { ListPage } from "@/api/lists";
import { DataTable, type DataTableProps } from "./DataTable";
import { Pager } from "./Pager";
import { Problem } from "./Problem";
import { PAGE_SIZES, type Paging } from "./usePaging";

/** One page of a list of the API with the way to the others; failed and empty are states of it. */
export function PagedList<T>({
  list,
  paging,
  empty,
  ...table
}: Omit<DataTableProps<T>, "rows"> & {
  list: UseQueryResult<ListPage<T>>;
  paging: Paging;
  empty: ReactNode;
}) {
  const { data, error, refetch, isPlaceholderData } = list;
  const pages = data?.pages ?? 0;
  const isBeyond = !isPlaceholderData && pages > 0 && paging.page > pages;
  // The last row of the last page is gone.
  useEffect(() => {
    if (isBeyond) paging.onPage(pages);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `paging` is made anew each time
  }, [isBeyond, pages]);
  const problem = error && <Problem error={error} onRetry={() => void refetch()} />;
  if (error && !data) return problem;
  const items = data?.items ?? [];
  const isEmpty = data !== undefined && items.length === 0 && (paging.page === 1 || pages === 0);
  if (isEmpty) return problem ?? empty;
  return (
    <>
      {problem}
      <DataTable {...table} rows={items} />
      <Pager
        page={paging.page}
        limit={paging.limit}
        limits={PAGE_SIZES}
        shown={items.length}
        total={data?.total ?? undefined}
        more={paging.page < pages}
        onPage={paging.onPage}
        onLimit={paging.onLimit}
      />
    </>
  );
}
