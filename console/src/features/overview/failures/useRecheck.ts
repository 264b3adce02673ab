import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { runChecks } from "@/features/instances/bulk/checks";
import { type FailureGroup, idsOf, MOST_CHECKS } from "../queries";

export interface Recheck {
  /** What the group is about, as the group said it: it may be gone when its checks are done. */
  about: string;
  /** Instances that are checked; null while they are looked up. */
  total: number | null;
  done: number;
  /** Whether the group has more instances than are checked at once. */
  bounded: boolean;
  outcomes: Readonly<Record<string, number>>;
  /** Instances that could not be checked at all. */
  unanswered: number;
  /** Seconds that the server asked us to wait. */
  waiting: number | null;
  state: "running" | "stopped" | "finished" | "broken";
  error: unknown;
}

const fresh = (about: string): Recheck => ({
  about,
  total: null,
  done: 0,
  bounded: false,
  outcomes: {},
  unanswered: 0,
  waiting: null,
  state: "running",
  error: null,
});

/** Check the instances of one group of failures again, one group at a time; leaving the screen starts no more of them. */
export function useRecheck() {
  const queries = useQueryClient();
  const [recheck, setRecheck] = useState<Recheck | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = useCallback(
    async (group: FailureGroup, about: string): Promise<void> => {
      const mine = new AbortController();
      abort.current = mine;
      const change = (next: (now: Recheck) => Partial<Recheck>): void =>
        setRecheck((now) => now && { ...now, ...next(now) });
      setRecheck(fresh(about));
      try {
        const ids = await idsOf(group.filter, mine.signal);
        change(() => ({ total: ids.length, bounded: group.count > MOST_CHECKS }));
        await runChecks(
          ids,
          {
            onStart: () => change(() => ({ waiting: null })),
            onEnd: (_, result) => {
              if (mine.signal.aborted) return;
              const outcome = result instanceof Error ? null : result.outcome;
              change((now) => ({
                done: now.done + 1,
                unanswered: now.unanswered + (outcome === null ? 1 : 0),
                outcomes:
                  outcome === null
                    ? now.outcomes
                    : { ...now.outcomes, [outcome]: (now.outcomes[outcome] ?? 0) + 1 },
              }));
            },
            onWait: (ms) => change(() => ({ waiting: Math.ceil(ms / 1000) })),
          },
          mine.signal,
        );
        change(() => ({ waiting: null, state: mine.signal.aborted ? "stopped" : "finished" }));
      } catch (error) {
        change(() => (mine.signal.aborted ? { state: "stopped" } : { state: "broken", error }));
      }
      for (const key of ["overview", "instances", "instance"])
        void queries.invalidateQueries({ queryKey: [key] });
    },
    [queries],
  );
  return {
    recheck,
    start,
    stop: useCallback(() => abort.current?.abort(), []),
    dismiss: useCallback(() => setRecheck(null), []),
  };
}
