import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { X } from "lucide-react";
import { StatusMark, type State } from "@/parts/StatusMark";
import { usePartTexts } from "@/parts/texts";
import { useBulkTexts } from "./texts";
import type { CheckRun } from "./useCheckRun";

const OUTCOMES = ["ok", "degraded", "reachable", "failed"] as const satisfies readonly State[];

/** How far the checks of many are. */
export function CheckRunBar({
  run,
  onStop,
  onDismiss,
}: {
  run: CheckRun;
  onStop: () => void;
  onDismiss: () => void;
}) {
  const t = useBulkTexts();
  const part = usePartTexts();
  const { done, total, state } = run;
  const word =
    state === "running"
      ? t("running", { done, total })
      : state === "stopped"
        ? t("stopped", { done, total })
        : t("finished", { total });
  const without = run.outcomes["none"] ?? 0;
  return (
    <section className="check-run" aria-label={t("check")}>
      <div className="line-up">
        <span role="status">{word}</span>
        {state === "running" && <progress max={total} value={done} aria-label={word} />}
        {run.waiting !== null && <span className="soft">{t("waiting", { seconds: run.waiting })}</span>}
        {OUTCOMES.filter((one) => run.outcomes[one]).map((one) => (
          <StatusMark key={one} state={one} label={`${part(one)} ${run.outcomes[one]}`} />
        ))}
        {without > 0 && <StatusMark state="skipped" label={t("noCheck", { count: without })} />}
      </div>
      <div className="line-up">
        {state !== "running" && run.outcomes["failed"] && (
          <Link
            to="/instances"
            search={{ outcome: "failed", sort: "last_attempt_at", order: "desc" }}
            preload={false}
          >
            {t("showFailed")}
          </Link>
        )}
        {state === "running" ? (
          <Button size="small" onClick={onStop}>
            {t("stop")}
          </Button>
        ) : (
          <Button size="small" icon={<X size={13} aria-hidden="true" />} onClick={onDismiss}>
            {t("dismiss")}
          </Button>
        )}
      </div>
    </section>
  );
}
