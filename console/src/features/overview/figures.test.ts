import { describe, expect, test } from "vitest";
import { environmentRows, failedInProduction, outcomesOf } from "./figures";
import type { Overview } from "./queries";

const cell = (environment: string | null, outcome: string, count: number) => ({
  environment,
  outcome,
  count,
  filter: { environment: environment ?? "", outcome },
});

const overview = {
  outcomes: [
    { value: "failed", count: 3, filter: { outcome: "failed" } },
    { value: "never_checked", count: 1, filter: { checked: false } },
    { value: "ok", count: 5, filter: { outcome: "ok" } },
  ],
  environments: [
    { key: "test", name: null, is_production: false, count: 2, filter: { environment: "test" } },
    { key: "production", name: null, is_production: true, count: 4, filter: { environment: "production" } },
    { key: null, name: null, is_production: false, count: 1, filter: { environment: "" } },
    { key: "dr", name: null, is_production: true, count: 2, filter: { environment: "dr" } },
  ],
  matrix: [
    cell("test", "failed", 1),
    cell("production", "failed", 2),
    cell("production", "ok", 2),
    cell("dr", "failed", 1),
    cell(null, "ok", 1),
  ],
} as unknown as Overview;

describe("figures", () => {
  test("outcomes stand from good to bad, and never checked last", () => {
    expect(outcomesOf(overview).map((one) => one.outcome)).toEqual(["ok", "failed", "never_checked"]);
    expect(outcomesOf(overview)[2]?.filter).toEqual({ checked: false });
  });

  test("production comes first, and the order is kept otherwise", () => {
    expect(environmentRows(overview).map((row) => row.key)).toEqual(["production", "dr", "test", null]);
  });

  test("an environment has its own outcomes, in their order; no environment is one of its own", () => {
    const rows = environmentRows(overview);
    expect(rows[0]?.outcomes.map((one) => [one.outcome, one.count])).toEqual([
      ["ok", 2],
      ["failed", 2],
    ]);
    expect(rows[3]?.outcomes).toEqual([{ outcome: "ok", count: 1, filter: cell(null, "ok", 1).filter }]);
  });

  test("what failed in production is the sum over all production, with one filter for it", () => {
    expect(failedInProduction(environmentRows(overview))).toEqual({
      count: 3,
      filter: { environment: ["production", "dr"], outcome: "failed" },
    });
  });

  test("nothing failed in production is told from nothing failed anywhere", () => {
    const calm = { ...overview, matrix: [cell("test", "failed", 1), cell("production", "failed", 0)] };
    expect(failedInProduction(environmentRows(calm as unknown as Overview))).toBeNull();
  });
});
