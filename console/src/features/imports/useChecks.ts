import { useCallback, useEffect, useRef, useState } from "react";
import { api, ask } from "@/api/client";
import type { Check } from "@/api/types";
import { checkCalls, runChecks } from "@/checks/runChecks";
import type { Endpoint } from "./sample";

/** What is known of one check: it runs, it ended, or it could not be made. */
export type Told = { check: Check } | { error: unknown } | "running";

type Begin = (key: number, signal: AbortSignal) => Promise<Check>;

/** Begins a check of what a row says, which is no instance yet. */
export const checkEndpoint = async (body: Endpoint, signal: AbortSignal): Promise<Check> =>
  (await ask(api.POST("/checks", { params: { query: { wait: false } }, body, signal }))).data.check;

/** Checks of many things, few at a time, each with what is known of it by its key; leaving the screen stops them. */
export function useChecks() {
  const [told, setTold] = useState<ReadonlyMap<number, Told>>(new Map());
  const [running, setRunning] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  /** Check what these keys stand for: instances by their ids, unless `begin` says otherwise. */
  const run = useCallback(async (keys: readonly number[], begin: Begin = checkCalls.start): Promise<void> => {
    stop.current?.abort();
    const control = new AbortController();
    stop.current = control;
    const tell = (key: number, what: Told): void => {
      if (!control.signal.aborted) setTold((before) => new Map(before).set(key, what));
    };
    setTold(new Map());
    setRunning(true);
    await runChecks(
      keys,
      {
        onStart: (key) => tell(key, "running"),
        onEnd: (key, result) => tell(key, result instanceof Error ? { error: result } : { check: result }),
      },
      control.signal,
      { ...checkCalls, start: begin },
    );
    if (stop.current === control) setRunning(false);
  }, []);
  const end = useCallback(() => {
    stop.current?.abort();
    setRunning(false);
  }, []);
  return { told, running, run, stop: end };
}
