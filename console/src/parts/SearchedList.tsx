import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ListPage, SearchedQuery } from "@/api/lists";
import { one } from "@/app/search";
import type { DataTableProps } from "./DataTable";
import { PagedList } from "./PagedList";
import { SearchBox } from "./SearchBox";
import { type Paging, usePaging } from "./usePaging";

export interface Searched<T> {
  list: UseQueryResult<ListPage<T>>;
  paging: Paging;
  search: string;
}

/** The page of a list that the URL asks for by `page`, `limit` and `search`. */
export function useSearched<T>(query: SearchedQuery<T>, usualLimit?: number): Searched<T> {
  const paging = usePaging(usualLimit);
  const search = one(paging.search, "search") ?? "";
  return { list: useQuery(query(paging.page, paging.limit, search)), paging, search };
}

/** A list with the box that searches it; `noMatch` takes the place of `empty` once it is searched. */
export function SearchedList<T>({
  of: { list, paging, search },
  searchLabel,
  noMatch,
  empty,
  ...table
}: Omit<DataTableProps<T>, "rows" | "empty"> & {
  of: Searched<T>;
  searchLabel?: string;
  noMatch: (search: string) => ReactNode;
  empty: ReactNode;
}) {
  return (
    <>
      <SearchBox
        value={search}
        label={searchLabel}
        onChange={(text) => paging.change({ search: text, page: undefined })}
      />
      <PagedList {...table} list={list} paging={paging} empty={search === "" ? empty : noMatch(search)} />
    </>
  );
}
