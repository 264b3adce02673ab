import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Check } from "@/api/types";
import { runChecks } from "./runChecks";

export interface CheckRun {
  /** What is checked, in words; empty where the screen says it. */
  about: string;
  /** Instances that are checked; null while they are looked up. */
  total: number | null;
  done: number;
  /** How many ended how. */
  outcomes: Readonly<Record<string, number>>;
  /** The instances whose check failed, in the order in which they did. */
  failed: readonly number[];
  /** Instances that could not be checked at all. */
  unanswered: number;
  /** Seconds that the server asked us to wait. */
  waiting: number | null;
  state: "running" | "stopped" | "finished" | "broken";
  /** Why the instances could not be looked up, where it is broken. */
  error: unknown;
}

const fresh = (about: string): CheckRun => ({
  about,
  total: null,
  done: 0,
  outcomes: {},
  failed: [],
  unanswered: 0,
  waiting: null,
  state: "running",
  error: null,
});

/** The run after the check of one more instance has ended; without an outcome it could not be made. */
export function withEnd(run: CheckRun, instanceId: number, outcome: Check["outcome"]): CheckRun {
  return {
    ...run,
    done: run.done + 1,
    waiting: null,
    unanswered: run.unanswered + (outcome === null ? 1 : 0),
    outcomes:
      outcome === null ? run.outcomes : { ...run.outcomes, [outcome]: (run.outcomes[outcome] ?? 0) + 1 },
    failed: outcome === "failed" ? [...run.failed, instanceId] : run.failed,
  };
}

interface Listener {
  onStart?: (instanceId: number) => void;
  onEnd?: (instanceId: number, result: Check | Error) => void;
}

type Ids = (signal: AbortSignal) => Promise<readonly number[]> | readonly number[];

/**
 * Checks of many, a few at a time, one run at a time; what shows them is read anew at the end.
 *
 * With `untilLeft` no more are started once the screen is left; without it they go on.
 */
export function useCheckRun({ untilLeft = false, onStart, onEnd }: Listener & { untilLeft?: boolean } = {}) {
  const queries = useQueryClient();
  const [run, setRun] = useState<CheckRun | null>(null);
  const abort = useRef<AbortController | null>(null);
  const heard = useRef<Listener>({});
  useEffect(() => {
    heard.current = { onStart, onEnd };
  });
  useEffect(() => {
    if (!untilLeft) return undefined;
    return () => abort.current?.abort();
  }, [untilLeft]);

  const start = useCallback(
    async (idsOf: Ids, about = ""): Promise<void> => {
      const mine = new AbortController();
      abort.current = mine;
      const change = (next: (now: CheckRun) => CheckRun): void => setRun((now) => now && next(now));
      setRun(fresh(about));
      try {
        const ids = await idsOf(mine.signal);
        change((now) => ({ ...now, total: ids.length }));
        await runChecks(
          ids,
          {
            onStart: (id) => heard.current.onStart?.(id),
            onEnd: (id, result) => {
              heard.current.onEnd?.(id, result);
              const failed = result instanceof Error;
              if (!failed || !mine.signal.aborted)
                change((now) => withEnd(now, id, failed ? null : result.outcome));
            },
            onWait: (ms) => change((now) => ({ ...now, waiting: Math.ceil(ms / 1000) })),
          },
          mine.signal,
        );
        change((now) => ({ ...now, waiting: null, state: mine.signal.aborted ? "stopped" : "finished" }));
      } catch (error) {
        change((now) =>
          mine.signal.aborted ? { ...now, state: "stopped" } : { ...now, state: "broken", error },
        );
      }
      for (const key of ["overview", "instances", "instance"])
        void queries.invalidateQueries({ queryKey: [key] });
    },
    [queries],
  );
  return {
    run,
    start,
    stop: useCallback(() => abort.current?.abort(), []),
    dismiss: useCallback(() => setRun(null), []),
  };
}
