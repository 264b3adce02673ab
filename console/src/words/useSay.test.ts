import { describe, expect, it } from "vitest";
import { sayWith } from "./useSay";

const words = { word: (value: string) => `<${value}>`, yes: "yes", no: "no", moment: () => "then" };
const say = (field: string, value: unknown): unknown => sayWith(words, field, value);

describe("a value in words", () => {
  it("is a word where the API has words of its own", () => {
    expect(say("platform", "self_hosted")).toBe("<self_hosted>");
    expect(say("is_active", true)).toBe("yes");
    expect(say("tls_legacy", false)).toBe("no");
    expect(say("deleted_at", "2026-11-28T00:26:42.408023+00:00")).toBe("then");
  });

  it("stays what it is where it is somebody's own", () => {
    expect(say("owner", "primary")).toBe("primary");
    expect(say("description", "2026-11-28T00:26:42+00:00")).toBe("2026-11-28T00:26:42+00:00");
    expect(say("port", 5432)).toBe(5432);
    expect(say("deleted_at", null)).toBeNull();
  });
});
