import { Button } from "antd";
import { Problem } from "@/parts/Problem";
import { StatusMark, type State } from "@/parts/StatusMark";
import { MOST_CHECKS } from "../queries";
import { useOverviewTexts } from "../texts";
import type { Recheck } from "./useRecheck";

const OUTCOMES = ["ok", "degraded", "reachable", "failed"] as const satisfies readonly State[];

function useProgressWord(recheck: Recheck): string {
  const t = useOverviewTexts();
  const { total, done, state } = recheck;
  if (state === "finished") return t("finished", { total: total ?? 0 });
  if (state === "stopped") return t("stopped", { done, total: total ?? 0 });
  return total === null ? t("looking") : t("running", { done, total });
}

/** How far the checks of a group are; it stands until it is dismissed, as the group itself may go. */
export function RecheckBar({
  recheck,
  onStop,
  onDismiss,
}: {
  recheck: Recheck;
  onStop: () => void;
  onDismiss: () => void;
}) {
  const t = useOverviewTexts();
  const word = useProgressWord(recheck);
  const { about, total, done, outcomes, unanswered, waiting, bounded, state, error } = recheck;
  const running = state === "running";
  return (
    <div className="recheck" aria-busy={running}>
      {state === "broken" ? (
        <Problem error={error} />
      ) : (
        <div className="recheck-says">
          <div className="line-up">
            <span role="status">{word}</span>
            {running && (
              <progress
                max={total ?? undefined}
                value={total === null ? undefined : done}
                aria-label={word}
              />
            )}
            {OUTCOMES.filter((one) => outcomes[one]).map((one) => (
              <StatusMark key={one} state={one} label={`${t(one)} ${outcomes[one]}`} />
            ))}
            {unanswered > 0 && <StatusMark state="skipped" label={t("unanswered", { n: unanswered })} />}
          </div>
          <p className="soft small">
            {[
              about,
              bounded && t("bounded", { n: MOST_CHECKS }),
              waiting !== null && t("waiting", { seconds: waiting }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
      )}
      <Button size="small" onClick={running ? onStop : onDismiss}>
        {running ? t("stop") : t("dismiss")}
      </Button>
    </div>
  );
}
