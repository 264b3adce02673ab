import { describe, expect, it } from "vitest";
import { sayWith } from "./useSay";

const words = {
  word: (value: string) => `<${value}>`,
  role: (value: string) => `role ${value}`,
  clusterKind: (value: string) => `kind ${value}`,
  environment: (value: string) => `environment ${value}`,
  yes: "yes",
  no: "no",
  nothing: "—",
  moment: () => "then",
  shown: "en" as const,
};
const say = (field: string, value: unknown, entityType?: string): unknown =>
  sayWith(words, field, value, entityType);

describe("a value in words", () => {
  it("is a word where the API has words of its own", () => {
    expect(say("platform", "self_hosted")).toBe("<self_hosted>");
    expect(say("is_active", true)).toBe("yes");
    expect(say("tls_legacy", false)).toBe("no");
    expect(say("deleted_at", "2026-11-28T00:26:42.408023+00:00")).toBe("then");
    expect(say("environment", "production")).toBe("environment production");
    expect(say("engines", ["mysql"], "credential")).toEqual(["<mysql>"]);
  });

  it("goes by the thing that has the field", () => {
    expect(say("role", "dba", "user")).toBe("role dba");
    expect(say("role", "primary", "instance")).toBe("<primary>");
    expect(say("kind", "galera", "cluster")).toBe("kind galera");
    expect(say("kind", "galera", "import")).toBe("galera");
  });

  it("of a limit is exact, in seconds where they are whole", () => {
    expect(say("connect_timeout_ms", 3000)).toBe("3 s");
    expect(say("deadline_ms", 1500)).toBe("1,500 ms");
    expect(say("uptime_s", 90)).toBe("90 s");
  });

  it("of an object is said member by member, an endpoint as it is written", () => {
    expect(say("extra", { seen_at: "2026-11-28T00:26:42Z", is_active: true, gone: null })).toEqual({
      seen_at: "then",
      is_active: "yes",
      gone: "—",
    });
    expect(say("endpoints", ["sqlserver db1:1433 tls=require"], "credential")).toEqual([
      "SQL Server db1:1433 tls=require",
    ]);
  });

  it("stays what it is where it is somebody's own", () => {
    expect(say("owner", "primary")).toBe("primary");
    expect(say("description", "2026-11-28T00:26:42+00:00")).toBe("2026-11-28T00:26:42+00:00");
    expect(say("port", 5432)).toBe(5432);
    expect(say("deleted_at", null)).toBeNull();
    expect(say("custom", { lifecycle: "retired", spare: false })).toEqual({
      lifecycle: "retired",
      spare: "no",
    });
  });
});
