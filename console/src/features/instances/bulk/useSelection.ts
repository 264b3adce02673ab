import { useCallback, useEffect, useRef, useState } from "react";
import { ROW_FIELDS } from "../columns/columns";
import { listAll } from "../queries";
import type { Item } from "../queries";
import type { ListQuery } from "../address";

/** As many as one batch of the API takes. */
export const MOST_SELECTED = 10_000;

export interface Selected {
  ids: ReadonlySet<number>;
  items: Item[];
  set: (ids: ReadonlySet<number>) => void;
  clear: () => void;
  selectAll: (total: number) => void;
  /** How many have been found, while all are being selected. */
  selecting: { done: number; total: number } | null;
  stopSelecting: () => void;
  error: unknown;
}

/** What is selected, over pages; another filter begins anew, so that nothing unseen is acted upon. */
export function useSelection(asked: ListQuery, rows: readonly Item[]): Selected {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const [selecting, setSelecting] = useState<Selected["selecting"]>(null);
  const [error, setError] = useState<unknown>(null);
  const [key, setKey] = useState(asked.key);
  const [seen, setSeen] = useState<{ rows: readonly Item[]; items: ReadonlyMap<number, Item> }>({
    rows: [],
    items: new Map(),
  });
  const stop = useRef<AbortController | null>(null);
  if (key !== asked.key) {
    setKey(asked.key);
    setIds(new Set());
  }
  if (seen.rows !== rows) {
    // Of former pages only what is selected must be remembered.
    const kept = [...seen.items].filter(([id]) => ids.has(id));
    setSeen({ rows, items: new Map([...kept, ...rows.map((row): [number, Item] => [row.id, row])]) });
  }
  const clear = useCallback(() => setIds(new Set()), []);
  const stopSelecting = useCallback(() => stop.current?.abort(), []);
  useEffect(() => stopSelecting, [stopSelecting, asked.key]);

  const selectAll = (total: number): void => {
    const abort = new AbortController();
    stop.current = abort;
    setError(null);
    setSelecting({ done: 0, total });
    listAll(asked, ROW_FIELDS, {
      most: MOST_SELECTED,
      signal: abort.signal,
      onProgress: (done) => setSelecting({ done, total: Math.max(done, total) }),
    })
      .then((found) => {
        setSeen((before) => ({
          ...before,
          items: new Map([...before.items, ...found.map((one): [number, Item] => [one.id, one])]),
        }));
        setIds(new Set(found.map((one) => one.id)));
      })
      .catch((failure: unknown) => {
        if (!abort.signal.aborted) setError(failure);
      })
      .finally(() => setSelecting(null));
  };
  return {
    ids,
    items: [...ids].flatMap((id) => seen.items.get(id) ?? []),
    set: setIds,
    clear,
    selectAll,
    selecting,
    stopSelecting,
    error,
  };
}
