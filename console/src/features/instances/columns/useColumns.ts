import { useCallback, useState } from "react";
import { COLUMN_IDS, USUAL_COLUMNS } from "./columns";
import { type ColumnState, forgetColumns, keepColumns, loadColumns } from "./state";

export interface Columns {
  state: ColumnState;
  change: (state: ColumnState) => void;
  reset: () => void;
}

/** The chosen columns, kept in the browser. */
export function useColumns(): Columns {
  const [state, setState] = useState(() => loadColumns(COLUMN_IDS, USUAL_COLUMNS));
  const change = useCallback((next: ColumnState) => {
    keepColumns(next);
    setState(next);
  }, []);
  const reset = useCallback(() => {
    forgetColumns();
    setState(USUAL_COLUMNS);
  }, []);
  return { state, change, reset };
}
