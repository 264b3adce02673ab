import { Button } from "antd";
import { useState } from "react";
import { count } from "@/parts/format";
import { useFieldLabel } from "@/words/useFieldLabel";
import type { Mistake } from "./mistakes";
import { MendAll } from "./MendAll";
import { useImportTexts } from "./texts";

const MOST = 6;

/** The mistakes that rows share: each is the way to its rows and, with `onMended`, is mended in all of them at once. */
export function Mistakes({
  mistakes,
  pressed,
  onPress,
  onMended,
  busy,
}: {
  mistakes: readonly Mistake[];
  /** The key of the mistake whose rows are shown. */
  pressed: string | null;
  onPress: (key: string | null) => void;
  onMended: (() => void) | undefined;
  busy: boolean;
}) {
  const t = useImportTexts();
  const label = useFieldLabel();
  const [showAll, setShowAll] = useState(false);
  if (mistakes.length === 0) return null;
  const shown = showAll ? mistakes : mistakes.slice(0, MOST);
  return (
    <ul className="import-groups" aria-label={t("groups")}>
      {shown.map((one) => (
        <li key={one.key}>
          <button
            type="button"
            className="import-group"
            aria-pressed={pressed === one.key}
            onClick={() => onPress(pressed === one.key ? null : one.key)}
          >
            <strong className="import-wrong">{count(one.rows.size)}</strong>{" "}
            <strong>{label(one.field)}</strong>{" "}
            {one.value !== null && <span className="mono">{one.value || t("emptyCell")}</span>} {one.message}
          </button>
          {onMended && <MendAll mistake={one} busy={busy} onMended={onMended} />}
        </li>
      ))}
      {mistakes.length > shown.length && (
        <li>
          <Button size="small" type="link" onClick={() => setShowAll(true)}>
            {t("groupsAll", { count: mistakes.length })}
          </Button>
        </li>
      )}
    </ul>
  );
}
