import { parseSearch, type Search, stringifySearch } from "@/app/search";
import { sameFilter } from "../filter/filter";

/** A view is nothing but a query of the URL with a name. */
export interface View {
  id: string;
  name: string;
  query: string;
}

const KEPT = "muster.instances.views";
const LONGEST_NAME = 60;

const isView = (value: unknown): value is View =>
  typeof value === "object" &&
  value !== null &&
  (["id", "name", "query"] as const).every(
    (key) => typeof (value as Record<string, unknown>)[key] === "string",
  );

/** The views that were kept; what makes no sense is left out. */
export function readViews(kept: string | null): View[] {
  try {
    const found: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return [];
  }
}

export const loadViews = (): View[] => readViews(localStorage.getItem(KEPT));
export const keepViews = (views: readonly View[]): void => localStorage.setItem(KEPT, JSON.stringify(views));

const nameOfView = (typed: string): string => [...typed.trim()].slice(0, LONGEST_NAME).join("");

/** What a view keeps of the URL: everything but the page. */
export function queryOfView(search: Search): string {
  return stringifySearch(Object.fromEntries(Object.entries(search).filter(([key]) => key !== "page")));
}

export function saveView(views: readonly View[], name: string, search: Search, id: string): View[] {
  return [...views, { id, name: nameOfView(name), query: queryOfView(search) }];
}

export const renameView = (views: readonly View[], id: string, name: string): View[] =>
  views.map((one) => (one.id === id ? { ...one, name: nameOfView(name) } : one));

export const removeView = (views: readonly View[], id: string): View[] =>
  views.filter((one) => one.id !== id);

/** Whether the URL shows the view, on whichever page and in whichever order. */
export const isShown = (view: Pick<View, "query">, search: Search): boolean =>
  sameFilter(parseSearch(view.query), search);
