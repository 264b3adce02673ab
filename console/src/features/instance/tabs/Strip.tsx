import type { Check } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { exactTime } from "@/parts/format";
import { type State, stateOf } from "@/parts/StatusMark";
import { usePartTexts } from "@/parts/texts";
import "./Strip.css";
import { useTabTexts } from "./texts";

/** The state of a check as a cell, a row or a mark shows it. */
export const checkState = (check: Check): State =>
  check.status === "running" ? "running" : stateOf(check.outcome);

/** Whether somebody was logged in at the end. */
const isGood = (check: Check): boolean => check.outcome === "ok" || check.outcome === "degraded";

/** The last checks as a strip of small cells, the newest at the right; each opens its check. */
export function Strip({
  newestFirst,
  shownId,
  onOpen,
}: {
  newestFirst: readonly Check[];
  shownId: number | null;
  onOpen: (check: Check) => void;
}) {
  const t = useTabTexts();
  const parts = usePartTexts();
  const shown = useLanguage();
  const finished = newestFirst.filter((one) => one.status === "finished");
  return (
    <div className="strip">
      <ol className="strip-cells" aria-label={t("strip", { count: newestFirst.length })}>
        {newestFirst.toReversed().map((check) => {
          const state = checkState(check);
          const outcome = check.cause ? `${parts(state)}, ${check.cause}` : parts(state);
          const label = t("cell", { outcome, at: exactTime(check.started_at, shown) });
          return (
            <li key={check.id}>
              <button
                type="button"
                className={`strip-cell strip-${state}`}
                aria-label={label}
                aria-current={check.id === shownId ? "true" : undefined}
                title={label}
                onClick={() => onOpen(check)}
              >
                <span />
              </button>
            </li>
          );
        })}
      </ol>
      <p className="small soft">
        {t("stripSum", { all: finished.length, good: finished.filter(isGood).length })}
      </p>
    </div>
  );
}
