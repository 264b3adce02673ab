import { useCallback, useEffect, useRef, useState } from "react";
import { api, ask } from "@/api/client";
import { isApiError } from "@/api/errors";
import type { Check } from "@/api/types";
import { AT_ONCE, each, type Endpoint } from "./sample";

/** What is known of one check: it runs, it ended, or it could not be made. */
export type Told = { check: Check } | { error: unknown } | "running";

const POLL_MS = 700;
/** How often a check that was refused for want of room is asked for again. */
const TRIES = 5;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const checkEndpoint = async (body: Endpoint): Promise<Check> =>
  (await ask(api.POST("/checks", { params: { query: { wait: false } }, body }))).data.check;

export const checkInstance = async (id: number): Promise<Check> =>
  (
    await ask(
      api.POST("/instances/{instance_id}/check", {
        params: { path: { instance_id: id }, query: { wait: false } },
        body: { unattended: false },
      }),
    )
  ).data.check;

/** Begin a check, wait for room where there is none, and look until it has ended. */
async function carryOut(
  begin: () => Promise<Check>,
  told: (what: Told) => void,
  signal: AbortSignal,
): Promise<void> {
  told("running");
  try {
    let check = await begunCheck(begin, signal);
    while (check.status === "running" && !signal.aborted) {
      told({ check });
      await pause(POLL_MS);
      const path = { check_id: check.id };
      check = (await ask(api.GET("/checks/{check_id}", { params: { path }, signal }))).data.check;
    }
    told({ check });
  } catch (error) {
    if (!signal.aborted) told({ error });
  }
}

async function begunCheck(begin: () => Promise<Check>, signal: AbortSignal): Promise<Check> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await begin();
    } catch (error) {
      if (!isApiError(error) || error.status !== 429 || tried >= TRIES || signal.aborted) throw error;
      await pause((error.retryAfter ?? 1) * 1000);
    }
  }
}

/** Checks of many things, few at a time, each with what is known of it by its key; leaving the screen stops them. */
export function useChecks() {
  const [told, setTold] = useState<ReadonlyMap<number, Told>>(new Map());
  const [running, setRunning] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const run = useCallback(
    async (jobs: readonly { key: number; begin: () => Promise<Check> }[]): Promise<void> => {
      stop.current?.abort();
      const control = new AbortController();
      stop.current = control;
      setTold(new Map());
      setRunning(true);
      await each(
        jobs,
        AT_ONCE,
        (job) =>
          carryOut(
            job.begin,
            (what) => {
              if (stop.current === control) setTold((before) => new Map(before).set(job.key, what));
            },
            control.signal,
          ),
        control.signal,
      );
      if (stop.current === control) setRunning(false);
    },
    [],
  );
  const end = useCallback(() => {
    stop.current?.abort();
    setRunning(false);
  }, []);
  return { told, running, run, stop: end };
}
