import { useMemo } from "react";
import { count } from "@/parts/format";
import { faultGroups } from "./preview";
import { useImportTexts } from "./texts";
import type { ImportRow } from "./types";

const MOST = 6;

/** The mistakes that many rows share; each is the way to its rows. */
export function FaultGroups({
  rows,
  word,
  onFind,
}: {
  rows: readonly ImportRow[];
  word: string;
  onFind: (word: string) => void;
}) {
  const t = useImportTexts();
  const groups = useMemo(() => faultGroups(rows, MOST), [rows]);
  if (groups.length === 0) return null;
  return (
    <ul className="import-groups" aria-label={t("groups")}>
      {groups.map((group) => (
        <li key={group.field + group.message}>
          <button
            type="button"
            className="import-group"
            aria-pressed={word === group.message}
            onClick={() => onFind(word === group.message ? "" : group.message)}
          >
            <strong className="import-wrong">{count(group.rows)}</strong> <code>{group.field}</code>{" "}
            {group.message}
          </button>
        </li>
      ))}
    </ul>
  );
}
