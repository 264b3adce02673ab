import { api, ask } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Check } from "@/api/types";

/** Checks that run side by side: the server has few places, and others want some as well. */
const SIDE_BY_SIDE = 4;
const POLL_MS = 400;
/** Where the server says "later" and not when. */
const LATER_MS = 2000;

export interface CheckCalls {
  start: (instanceId: number, signal: AbortSignal) => Promise<Check>;
  read: (checkId: number, signal: AbortSignal) => Promise<Check>;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}

export const checkCalls: CheckCalls = {
  start: async (instanceId, signal) =>
    (
      await ask(
        api.POST("/instances/{instance_id}/check", {
          params: { path: { instance_id: instanceId }, query: { wait: false } },
          signal,
        }),
      )
    ).data.check,
  read: async (checkId, signal) =>
    (await ask(api.GET("/checks/{check_id}", { params: { path: { check_id: checkId } }, signal }))).data
      .check,
  sleep,
};

export interface CheckListener {
  onStart: (instanceId: number) => void;
  /** The finished check, or why there is none. */
  onEnd: (instanceId: number, result: Check | Error) => void;
  /** The server has no room: nothing is started for so long. */
  onWait?: (ms: number) => void;
}

/**
 * Check instances, a few at a time, until all are done or `signal` says stop; a check that runs then goes on without us.
 *
 * Where the server answers 429 or 503 all wait as long as it says, and the same instance is tried again.
 */
export async function runChecks(
  instanceIds: readonly number[],
  listener: CheckListener,
  signal: AbortSignal,
  calls: CheckCalls = checkCalls,
): Promise<void> {
  const queue = [...instanceIds];
  let shut: Promise<void> | null = null;

  const start = async (id: number): Promise<Check> => {
    for (;;) {
      if (shut) await shut;
      try {
        return await calls.start(id, signal);
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 429 && error.status !== 503)) throw error;
        const ms = error.retryAfter === null ? LATER_MS : error.retryAfter * 1000;
        listener.onWait?.(ms);
        shut ??= calls.sleep(ms, signal).finally(() => {
          shut = null;
        });
      }
    }
  };
  const one = async (id: number): Promise<void> => {
    try {
      let check = await start(id);
      listener.onStart(id);
      while (check.status === "running") {
        await calls.sleep(POLL_MS, signal);
        check = await calls.read(check.id, signal);
      }
      listener.onEnd(id, check);
    } catch (error) {
      listener.onEnd(id, error instanceof Error ? error : new Error(String(error)));
    }
  };
  const worker = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && !signal.aborted; id = queue.shift()) await one(id);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, queue.length) }, worker));
}
