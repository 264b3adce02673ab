import { describe, expect, it } from "vitest";
import type { Check } from "@/api/types";
import { withCheck } from "./withCheck";

const check = (outcome: Check["outcome"], cause: Check["cause"] = null): Check =>
  ({ outcome, cause, started_at: "2026-11-27T08:00:00+00:00" }) as Check;
const row = { id: 1, last_success_at: "2026-11-01T00:00:00+00:00", last_error_at: null };

describe("a row after its check", () => {
  it("keeps its last success where the check failed", () => {
    expect(withCheck(row, check("failed", "connect.refused"))).toEqual({
      id: 1,
      last_outcome: "failed",
      last_cause: "connect.refused",
      last_attempt_at: "2026-11-27T08:00:00+00:00",
      last_success_at: "2026-11-01T00:00:00+00:00",
      last_error_at: "2026-11-27T08:00:00+00:00",
    });
  });

  it("has a new success only where it logged in", () => {
    expect(withCheck(row, check("degraded", "privilege.missing")).last_success_at).toBe(
      "2026-11-27T08:00:00+00:00",
    );
    const reachable = withCheck(row, check("reachable", "login.no_credential"));
    expect(reachable.last_success_at).toBe("2026-11-01T00:00:00+00:00");
    expect(reachable.last_error_at).toBeNull();
  });
});
