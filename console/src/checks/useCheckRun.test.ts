import { describe, expect, it } from "vitest";
import { type CheckRun, withEnd } from "./useCheckRun";

const run: CheckRun = {
  about: "",
  total: 3,
  done: 0,
  outcomes: {},
  failed: [],
  unanswered: 0,
  waiting: 4,
  state: "running",
  error: null,
};

describe("a run of checks", () => {
  it("counts how its checks end, and waits no longer once one has ended", () => {
    const after = withEnd(withEnd(run, 7, "failed"), 5, "failed");
    expect(after).toMatchObject({ done: 2, outcomes: { failed: 2 }, unanswered: 0, waiting: null });
  });

  it("knows which failed, and only those", () => {
    const after = withEnd(withEnd(withEnd(withEnd(run, 7, "failed"), 8, "ok"), 9, null), 5, "failed");
    expect(after.failed).toEqual([7, 5]);
  });

  it("counts what could not be checked as done, and as no outcome", () => {
    expect(withEnd(run, 7, null)).toMatchObject({ done: 1, outcomes: {}, unanswered: 1 });
  });
});
