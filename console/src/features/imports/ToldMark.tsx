import { isApiError } from "@/api/errors";
import { useLanguage } from "@/i18n/texts";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { partText } from "@/parts/texts";
import { ended, inARow, labelled } from "@/words/sentences";
import { useWithLabels } from "@/words/useWithLabels";
import type { Told } from "./useChecks";

/** How far a check is, or how it ended. */
export function ToldMark({ told }: { told: Told | undefined }) {
  if (told === undefined) return null;
  if (told === "running") return <StatusMark state="running" />;
  if ("error" in told) return <StatusMark state="failed" />;
  return <StatusMark state={told.check.status === "running" ? "running" : stateOf(told.check.outcome)} />;
}

/** Why it ended so and what to do, in the server's words. */
export function ToldWhy({ told, remedy = true }: { told: Told | undefined; remedy?: boolean }) {
  const shown = useLanguage();
  const withNames = useWithLabels();
  if (told === undefined || told === "running") return null;
  if ("error" in told) {
    const { error } = told;
    const faults = isApiError(error)
      ? error.fields.map((one) => labelled(one.field, one.message, shown))
      : [];
    const said =
      isApiError(error) && error.status === 0 ? partText("unreachable") : String((error as Error).message);
    return <>{inARow([said, ...faults], shown)}</>;
  }
  if (told.check.status === "running") return null;
  const { message, remedy: mends } = told.check;
  if (!remedy || mends === null) return <>{message}</>;
  return (
    <>
      {ended(message, shown)}
      <span className="soft">{withNames(mends)}</span>
    </>
  );
}

/** How many ended how. */
export function tally(all: Iterable<Told>): { done: number; ok: number; reachable: number; failed: number } {
  const sums = { done: 0, ok: 0, reachable: 0, failed: 0 };
  for (const one of all) {
    if (one === "running" || ("check" in one && one.check.status === "running")) continue;
    sums.done += 1;
    const outcome = "check" in one ? one.check.outcome : "failed";
    if (outcome === "ok" || outcome === "degraded") sums.ok += 1;
    else if (outcome === "reachable") sums.reachable += 1;
    else sums.failed += 1;
  }
  return sums;
}
