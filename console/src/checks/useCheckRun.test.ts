import { describe, expect, it } from "vitest";
import { type CheckRun, withEnd } from "./useCheckRun";

const run: CheckRun = {
  about: "",
  total: 3,
  done: 0,
  outcomes: {},
  unanswered: 0,
  waiting: 4,
  state: "running",
  error: null,
};

describe("a run of checks", () => {
  it("counts how its checks end, and waits no longer once one has ended", () => {
    const after = withEnd(withEnd(run, "failed"), "failed");
    expect(after).toMatchObject({ done: 2, outcomes: { failed: 2 }, unanswered: 0, waiting: null });
  });

  it("counts what could not be checked as done, and as no outcome", () => {
    expect(withEnd(run, null)).toMatchObject({ done: 1, outcomes: {}, unanswered: 1 });
  });
});
