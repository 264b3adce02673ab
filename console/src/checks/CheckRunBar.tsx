import { Button } from "antd";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Bar } from "@/parts/Bar";
import { Problem } from "@/parts/Problem";
import { StatusMark, type State } from "@/parts/StatusMark";
import { usePartTexts } from "@/parts/texts";
import "./CheckRunBar.css";
import { useRunTexts } from "./runTexts";
import type { CheckRun } from "./useCheckRun";

const OUTCOMES = ["ok", "degraded", "reachable", "failed"] as const satisfies readonly State[];

function useProgressWord({ state, done, total }: CheckRun): string {
  const t = useRunTexts();
  if (state === "finished") return t("finished", { total: total ?? 0 });
  if (state === "stopped") return t("stopped", { done, total: total ?? 0 });
  return total === null ? t("looking") : t("running", { done, total });
}

/** How far the checks of many are; it stands until it is dismissed. `children`: what can be done once they are over. */
export function CheckRunBar({
  run,
  onStop,
  onDismiss,
  children,
}: {
  run: CheckRun;
  onStop: () => void;
  onDismiss: () => void;
  children?: ReactNode;
}) {
  const t = useRunTexts();
  const part = usePartTexts();
  const word = useProgressWord(run);
  const { about, done, total, outcomes, unanswered, waiting, state } = run;
  const isRunning = state === "running";
  return (
    <Bar label={t("title")} busy={isRunning}>
      {state === "broken" ? (
        <Problem error={run.error} />
      ) : (
        <div className="check-run-says">
          <div className="line-up">
            <span role="status">{word}</span>
            {isRunning && (
              <progress
                max={total ?? undefined}
                value={total === null ? undefined : done}
                aria-label={word}
              />
            )}
            {OUTCOMES.filter((one) => outcomes[one]).map((one) => (
              <StatusMark key={one} state={one} label={`${part(one)} ${outcomes[one]}`} />
            ))}
            {unanswered > 0 && <StatusMark state="skipped" label={t("unanswered", { count: unanswered })} />}
            {waiting !== null && <span className="soft">{t("waiting", { seconds: waiting })}</span>}
          </div>
          {about !== "" && <p className="soft small">{about}</p>}
        </div>
      )}
      <div className="line-up">
        {!isRunning && children}
        {isRunning ? (
          <Button size="small" onClick={onStop}>
            {t("stop")}
          </Button>
        ) : (
          <Button size="small" icon={<X size={13} aria-hidden="true" />} onClick={onDismiss}>
            {t("dismiss")}
          </Button>
        )}
      </div>
    </Bar>
  );
}
