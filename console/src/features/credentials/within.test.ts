import { describe, expect, it } from "vitest";
import type { Bindings } from "./bindings";
import type { Reach } from "./queries";
import { hintOf, withinOf } from "./within";

const exact = (host: string) => ({ db_type: "mysql", host, port: 3306 });
const tls = { tls_mode: "require", tls_ca_digest: null, tls_legacy: false };
const bindings: Bindings = {
  hosts: ["db1", "db2"],
  suffixes: [],
  networks: [],
  engines: ["mysql"],
  endpoints: [{ ...exact("a"), ...tls }],
};
const reach: Reach = {
  hosts: [{ value: "db2", instance_count: 4 }],
  suffixes: [],
  networks: [],
  engines: [],
  endpoints: [
    { ...exact("0"), instance_count: 7 },
    { ...exact("a"), instance_count: 2 },
  ],
  outside_count: 0,
  outside: [],
};

describe("what lies within a binding", () => {
  it("is found by what the binding says, although the bindings that were counted are others", () => {
    expect(withinOf(reach, bindings, { kind: "hosts", at: 1 })).toBe(4);
    expect(withinOf(reach, bindings, { kind: "endpoints", at: 0 })).toBe(2);
  });

  it("is unknown where the binding was not counted", () => {
    expect(withinOf(reach, bindings, { kind: "hosts", at: 0 })).toBeUndefined();
  });
});

describe("what it means that a binding goes", () => {
  it("is that nothing lies there only where that was counted", () => {
    expect(hintOf(bindings, { kind: "hosts" }, 0)).toBe("removeUnused");
    expect(hintOf(bindings, { kind: "hosts" }, undefined)).toBe("removeHint");
  });

  it("is for the last engine that the others are narrowed no longer", () => {
    expect(hintOf(bindings, { kind: "engines" }, 0)).toBe("removeLastEngine");
    expect(hintOf({ ...bindings, engines: ["mysql", "oracle"] }, { kind: "engines" }, 0)).toBe(
      "removeEngine",
    );
  });
});
