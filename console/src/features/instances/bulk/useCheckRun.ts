import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { Check } from "@/api/types";
import type { Item } from "../queries";
import { runChecks } from "./checks";
import { setRunning } from "./running";

export interface CheckRun {
  total: number;
  done: number;
  /** How many ended how; `none` could not be checked at all. */
  outcomes: Readonly<Record<string, number>>;
  /** Seconds that the server asked us to wait. */
  waiting: number | null;
  state: "running" | "stopped" | "finished";
}

/** Put what a check found into a row, as the list would say it. */
export function withCheck(item: Item, check: Check): Item {
  const { outcome, cause, started_at: at } = check;
  return {
    ...item,
    last_outcome: outcome,
    last_cause: cause,
    last_attempt_at: at,
    ...(outcome === "ok" || outcome === "degraded" ? { last_success_at: at } : {}),
    ...(outcome === "failed" ? { last_error_at: at } : {}),
  };
}

/** Checks of many that go on while one looks elsewhere in the list. */
export function useCheckRun() {
  const queries = useQueryClient();
  const [run, setRun] = useState<CheckRun | null>(null);
  const abort = useRef<AbortController | null>(null);

  const start = useCallback(
    async (ids: readonly number[]) => {
      const mine = new AbortController();
      abort.current = mine;
      setRun({ total: ids.length, done: 0, outcomes: {}, waiting: null, state: "running" });
      const end = (id: number, result: Check | Error): void => {
        setRunning(id, false);
        if (result instanceof Error && mine.signal.aborted) return;
        const outcome = result instanceof Error ? "none" : (result.outcome ?? "none");
        setRun(
          (now) =>
            now && {
              ...now,
              done: now.done + 1,
              waiting: null,
              outcomes: { ...now.outcomes, [outcome]: (now.outcomes[outcome] ?? 0) + 1 },
            },
        );
        if (result instanceof Error) return;
        queries.setQueriesData<Item[]>({ queryKey: ["instances", "list"] }, (page) =>
          page?.some((one) => one.id === id)
            ? page.map((one) => (one.id === id ? withCheck(one, result) : one))
            : page,
        );
      };
      await runChecks(
        ids,
        {
          onStart: (id) => setRunning(id, true),
          onEnd: end,
          onWait: (ms) => setRun((now) => now && { ...now, waiting: Math.ceil(ms / 1000) }),
        },
        mine.signal,
      );
      setRun((now) => now && { ...now, waiting: null, state: mine.signal.aborted ? "stopped" : "finished" });
      await queries.invalidateQueries({ queryKey: ["instances"] });
      for (const id of ids) void queries.invalidateQueries({ queryKey: ["instance", id] });
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
