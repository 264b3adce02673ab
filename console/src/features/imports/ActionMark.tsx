import { Check, CircleX, Equal, Plus } from "lucide-react";
import { useImportTexts } from "./texts";
import type { RowAction } from "./types";

const ICONS = { insert: Plus, update: Check, unchanged: Equal, error: CircleX } as const;

/** What becomes of a row, as shape, colour and word. */
export function ActionMark({ action }: { action: RowAction }) {
  const t = useImportTexts();
  const Icon = ICONS[action];
  return (
    <span className={`import-mark import-mark-${action}`}>
      <Icon size={14} aria-hidden="true" />
      {t(action)}
    </span>
  );
}
