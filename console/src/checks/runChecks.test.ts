import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import type { Check } from "@/api/types";
import { type CheckCalls, type CheckListener, runChecks } from "./runChecks";

const check = (id: number, status: "running" | "finished"): Check =>
  ({ id: id * 100, instance_id: id, status, outcome: status === "finished" ? "ok" : null }) as Check;

function recorder() {
  const ended = new Map<number, string>();
  const waits: number[] = [];
  const listener: CheckListener = {
    onStart: () => undefined,
    onEnd: (id, result) => ended.set(id, result instanceof Error ? result.name : String(result.outcome)),
    onWait: (ms) => waits.push(ms),
  };
  return { ended, waits, listener };
}
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe("checking many", () => {
  it("runs a few at a time and follows each to its end", async () => {
    const { ended, listener } = recorder();
    let open = 0;
    let most = 0;
    const reads = new Map<number, number>();
    const calls: CheckCalls = {
      start: async (id) => {
        open += 1;
        most = Math.max(most, open);
        await pause();
        return check(id, "running");
      },
      read: async (checkId) => {
        const times = (reads.get(checkId) ?? 0) + 1;
        reads.set(checkId, times);
        if (times < 2) return check(checkId / 100, "running");
        open -= 1;
        return check(checkId / 100, "finished");
      },
      sleep: pause,
    };
    await runChecks([1, 2, 3, 4, 5, 6, 7, 8, 9], listener, new AbortController().signal, calls);
    expect(most).toBe(4);
    expect([...ended.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(ended.values())).toEqual(new Set(["ok"]));
    expect([...reads.values()]).toEqual(Array(9).fill(2));
  });

  it("waits as long as the server says, all together, and loses nobody", async () => {
    const { ended, waits, listener } = recorder();
    const slept: number[] = [];
    let refusals = 2;
    const calls: CheckCalls = {
      start: async (id) => {
        await pause();
        if (refusals > 0) {
          refusals -= 1;
          throw new ApiError(429, null, refusals === 1 ? 3 : null);
        }
        return check(id, "finished");
      },
      read: () => Promise.reject(new Error("nothing runs")),
      sleep: async (ms) => {
        slept.push(ms);
        await pause();
      },
    };
    await runChecks([1, 2, 3], listener, new AbortController().signal, calls);
    expect(waits).toEqual([3000, 2000]);
    expect(slept[0]).toBe(3000);
    expect([...ended.keys()].sort()).toEqual([1, 2, 3]);
  });

  it("tells of each that could not be checked and goes on", async () => {
    const { ended, listener } = recorder();
    const calls: CheckCalls = {
      start: (id) =>
        id === 2 ? Promise.reject(new ApiError(404, null)) : Promise.resolve(check(id, "finished")),
      read: () => Promise.reject(new Error("nothing runs")),
      sleep: pause,
    };
    await runChecks([1, 2, 3], listener, new AbortController().signal, calls);
    expect(Object.fromEntries(ended)).toEqual({ 1: "ok", 2: "ApiError", 3: "ok" });
  });

  it("starts nothing more once it is told to stop", async () => {
    const { ended, listener } = recorder();
    const stop = new AbortController();
    const started: number[] = [];
    const calls: CheckCalls = {
      start: async (id) => {
        started.push(id);
        if (started.length === 4) stop.abort();
        await pause();
        return check(id, "finished");
      },
      read: () => Promise.reject(new Error("nothing runs")),
      sleep: pause,
    };
    await runChecks([1, 2, 3, 4, 5, 6], listener, stop.signal, calls);
    expect(started).toEqual([1, 2, 3, 4]);
    expect(ended.size).toBe(4);
  });
});
