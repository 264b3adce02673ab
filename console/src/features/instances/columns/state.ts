/** Which columns stand in which order, and how wide they are: what somebody chose, kept in the browser. */
export interface ColumnState {
  /** The columns that are shown, in their order. */
  shown: readonly string[];
  /** Widths in pixels, where they were changed. */
  widths: Readonly<Record<string, number>>;
}

const KEPT = "muster.instances.columns";
/** Pixels: narrower shows nothing, wider is a slip of the pointer. */
const NARROWEST = 40;
const WIDEST = 1200;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What was kept, as far as it makes sense: columns that no longer exist are dropped. */
export function readColumns(kept: string | null, known: readonly string[], usual: ColumnState): ColumnState {
  let found: unknown;
  try {
    found = JSON.parse(kept ?? "null");
  } catch {
    return usual;
  }
  if (!isRecord(found) || !Array.isArray(found["shown"])) return usual;
  const shown = [...new Set(found["shown"])].filter(
    (one): one is string => typeof one === "string" && known.includes(one),
  );
  if (shown.length === 0) return usual;
  const widths = Object.entries(isRecord(found["widths"]) ? found["widths"] : {}).filter(
    (entry): entry is [string, number] =>
      known.includes(entry[0]) && typeof entry[1] === "number" && entry[1] >= NARROWEST && entry[1] <= WIDEST,
  );
  return { shown, widths: Object.fromEntries(widths) };
}

export const loadColumns = (known: readonly string[], usual: ColumnState): ColumnState =>
  readColumns(localStorage.getItem(KEPT), known, usual);

export function keepColumns(state: ColumnState): void {
  localStorage.setItem(KEPT, JSON.stringify(state));
}

export function forgetColumns(): void {
  localStorage.removeItem(KEPT);
}

/** Show a column, at the end, or hide it; `fixed` columns stay. */
export function toggleColumn(state: ColumnState, id: string, fixed: ReadonlySet<string>): ColumnState {
  if (fixed.has(id)) return state;
  const shown = state.shown.includes(id) ? state.shown.filter((one) => one !== id) : [...state.shown, id];
  return { ...state, shown };
}

/** Move a column one place to the left (-1) or right (1); not before the `fixed` ones. */
export function moveColumn(
  state: ColumnState,
  id: string,
  step: -1 | 1,
  fixed: ReadonlySet<string>,
): ColumnState {
  const at = state.shown.indexOf(id);
  const other = state.shown[at + step];
  if (at === -1 || other === undefined || fixed.has(id) || fixed.has(other)) return state;
  const shown = [...state.shown];
  shown[at] = other;
  shown[at + step] = id;
  return { ...state, shown };
}

export function resizeColumns(state: ColumnState, widths: Readonly<Record<string, number>>): ColumnState {
  const bounded = Object.entries(widths).map(([id, width]) => [
    id,
    Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))),
  ]);
  return { ...state, widths: Object.fromEntries(bounded) as Record<string, number> };
}
