import { describe, expect, it } from "vitest";
import type { Check, Step } from "@/api/types";
import { EMPTY } from "./fields";
import { stepLines } from "./steps";
import { endpointOf } from "./useUnsavedCheck";

const step = (name: Step["step"], outcome: Step["outcome"], cause: Step["cause"] = null): Step => ({
  step: name,
  outcome,
  took_ms: 3,
  cause,
  detail: {},
});
const check = (status: Check["status"], steps: Step[]): Check => ({ status, steps }) as unknown as Check;
const states = (one: Check | null) => stepLines(one).map((line) => line.state);

describe("the steps of a check", () => {
  it("wait before it begins, and one runs while it does", () => {
    expect(new Set(states(null))).toEqual(new Set(["waiting"]));
    expect(states(check("running", [step("guard", "ok"), step("resolve", "ok")]))).toEqual([
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

  it("that were never reached are skipped once it is over", () => {
    const over = check("finished", [step("guard", "ok"), step("resolve", "failed", "resolve.not_found")]);
    expect(states(over).slice(0, 4)).toEqual(["ok", "failed", "skipped", "skipped"]);
  });

  it("that worked with something to be desired say so", () => {
    expect(states(check("finished", [step("guard", "ok", "tls.unverified")]))[0]).toBe("degraded");
  });
});

describe("what a check of the form sends", () => {
  const values = {
    ...EMPTY,
    db_type: "mysql",
    host: "h",
    port: "3306",
    name: "n",
    owner: "o",
    credential_id: "3",
  };

  it("is the endpoint and its login, and no other field", () => {
    expect(endpointOf(values, null)).toEqual({
      db_type: "mysql",
      host: "h",
      port: 3306,
      credential_id: 3,
      tls_legacy: false,
    });
  });

  it("is a login of its own instead of the credential", () => {
    const own = { username: "u", password: "p" };
    const sent = endpointOf(values, own);
    expect(sent).toMatchObject(own);
    expect(sent).not.toHaveProperty("credential_id");
  });

  it("leaves a certificate out whose key only the server has", () => {
    const withCert = { ...values, tls_client_cert: "CERT" };
    expect(endpointOf(withCert, null)).not.toHaveProperty("tls_client_cert");
    expect(endpointOf({ ...withCert, tls_client_key: "KEY" }, null)).toMatchObject({
      tls_client_cert: "CERT",
      tls_client_key: "KEY",
    });
  });
});
