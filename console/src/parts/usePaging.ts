import { useNavigate, useSearch } from "@tanstack/react-router";
import { one, type Search } from "@/app/search";

export const PAGE_SIZES = [20, 50, 100] as const;
const USUAL_LIMIT = 50;

const whole = (text: string | undefined, usual: number): number =>
  text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : usual;

/** Page and size of a list out of the URL; what makes no sense there is as if it were absent. */
export function pageOf(search: Search, usual: number = USUAL_LIMIT): { page: number; limit: number } {
  const limit = whole(one(search, "limit"), usual);
  return {
    page: whole(one(search, "page"), 1),
    limit: (PAGE_SIZES as readonly number[]).includes(limit) ? limit : usual,
  };
}

export interface Paging {
  page: number;
  limit: number;
  search: Search;
  /** Change some of the URL's query; an empty value is left out. */
  change: (part: Record<string, string | undefined>) => void;
  onPage: (page: number) => void;
  onLimit: (limit: number) => void;
}

/** The page that the URL says, and the ways to the others. */
export function usePaging(usual: number = USUAL_LIMIT): Paging {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change: Paging["change"] = (part) => {
    const next = Object.entries({ ...search, ...part }).filter(
      ([, value]) => value !== undefined && value !== "",
    );
    void navigate({ to: ".", search: Object.fromEntries(next) as Search, replace: true });
  };
  return {
    ...pageOf(search, usual),
    search,
    change,
    onPage: (page) => change({ page: page === 1 ? undefined : String(page) }),
    onLimit: (size) => change({ page: undefined, limit: size === usual ? undefined : String(size) }),
  };
}
