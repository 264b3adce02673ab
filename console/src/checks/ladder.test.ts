import { describe, expect, it } from "vitest";
import type { Check, Step } from "@/api/types";
import { grantsOf, ourAddressOf, plain, remedyOf, rungsOf, wordsOf } from "./ladder";

const step = (name: Step["step"], more: Partial<Step> = {}): Step => ({
  step: name,
  outcome: "ok",
  took_ms: 1,
  cause: null,
  detail: {},
  ...more,
});

const check = (more: Partial<Check>): Check =>
  ({
    id: 1,
    status: "finished",
    outcome: "ok",
    cause: null,
    remedy: null,
    steps: [],
    server: null,
    tls: null,
    privileges: null,
    ...more,
  }) as Check;

const states = (of: Check | null) => rungsOf(of).map((one) => one.state);

describe("rungsOf", () => {
  it("lets all eight steps wait before the first check", () => {
    expect(states(null)).toEqual(Array(8).fill("waiting"));
  });

  it("shows the first untold step of a running check as running and the rest as waiting", () => {
    const running = check({ status: "running", outcome: null, steps: [step("guard"), step("resolve")] });
    expect(states(running)).toEqual([
      "ok",
      "ok",
      "running",
      "waiting",
      "waiting",
      "waiting",
      "waiting",
      "waiting",
    ]);
  });

  it("has nothing under way once all steps of a running check are told", () => {
    const steps = rungsOf(null).map((one) => step(one.step));
    expect(states(check({ status: "running", outcome: null, steps }))).not.toContain("running");
  });

  it("opens the failed step that gave the check its cause, and not an earlier warning", () => {
    const rungs = rungsOf(
      check({
        outcome: "failed",
        cause: "login.refused",
        steps: [
          step("tls", { cause: "tls.cert_expires_soon" }),
          step("login", { outcome: "failed", cause: "login.refused", took_ms: 14 }),
          step("identify", { outcome: "skipped", took_ms: 0 }),
        ],
      }),
    );
    expect(rungs.filter((one) => one.opens).map((one) => one.step)).toEqual(["login"]);
    expect(rungs.find((one) => one.step === "tls")?.state).toBe("warned");
    expect(rungs.find((one) => one.step === "login")?.tookMs).toBe(14);
    expect(rungs.find((one) => one.step === "identify")?.tookMs).toBeNull();
  });

  it("opens a warning where that is the cause", () => {
    const rungs = rungsOf(
      check({
        outcome: "degraded",
        cause: "tls.unverified",
        steps: [step("tls", { cause: "tls.unverified" }), step("login")],
      }),
    );
    expect(rungs.filter((one) => one.opens).map((one) => one.step)).toEqual(["tls"]);
  });

  it("opens a failed step at once while the check still runs", () => {
    const steps = [step("identify", { outcome: "failed", cause: "query.timeout" })];
    const rungs = rungsOf(check({ status: "running", outcome: null, steps }));
    expect(rungs.find((one) => one.step === "identify")?.opens).toBe(true);
  });

  it("takes what an interrupted check did not tell as not taken", () => {
    expect(states(check({ outcome: "failed", cause: "check.interrupted", steps: [step("guard")] }))).toEqual([
      "ok",
      ...Array(7).fill("skipped"),
    ]);
  });
});

describe("the words of a step", () => {
  it("are the server's only from the greeting on, and never in the TLS handshake", () => {
    const detail = { server_code: 111, server_text: "no" };
    expect(wordsOf({ step: "connect", detail })?.speaker).toBe("system");
    expect(wordsOf({ step: "tls", detail })?.speaker).toBe("tls");
    expect(wordsOf({ step: "login", detail })).toEqual({ speaker: "server", code: "111", text: "no" });
  });

  it("are none where the server said nothing", () => {
    expect(wordsOf({ step: "login", detail: { user: "a", server_text: null } })).toBeNull();
  });
});

describe("grants and remedy", () => {
  const need = (grant: string | null) => ({ grant }) as NonNullable<Check["privileges"]>[number];

  it("give each statement once, in order", () => {
    const privileges = [need("GRANT a;"), need(null), need("GRANT b;"), need("GRANT a;")];
    expect(grantsOf(check({ privileges }))).toBe("GRANT a;\nGRANT b;");
  });

  it("take the statement of a step where no need has one", () => {
    const steps = [step("login", { detail: { grant: "GRANT CREATE SESSION TO x" } })];
    expect(grantsOf(check({ privileges: [], steps }))).toBe("GRANT CREATE SESSION TO x");
    expect(grantsOf(check({}))).toBeNull();
  });

  it("leave the statements out of the remedy, even with signs that patterns know", () => {
    const grant = "GRANT SELECT ON v_$session TO m$&;";
    const told = check({ privileges: [need(grant)], remedy: `Grant them: ${grant}` });
    expect(remedyOf(told)).toBe("Grant them: …");
  });
});

describe("ourAddressOf", () => {
  it("goes by what the server told, then by what a step heard", () => {
    const steps = [step("login", { detail: { our_address: "10.0.0.9" } })];
    expect(ourAddressOf(check({ steps }))).toBe("10.0.0.9");
    const server = { our_address: "10.0.0.1" } as Check["server"];
    expect(ourAddressOf(check({ steps, server }))).toBe("10.0.0.1");
    expect(ourAddressOf(check({}))).toBeNull();
  });
});

describe("plain", () => {
  it("writes lists and objects in one line", () => {
    expect(plain({ needs: { sizes: "ok" }, at: [1, null] })).toBe("needs=sizes=ok, at=1, —");
  });
});
