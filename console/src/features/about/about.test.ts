import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { partStates, withoutLogin } from "./about";

describe("the parts", () => {
  const notReady = (part?: string) =>
    new ApiError(503, { extra: part ? { part } : {} } as unknown as ApiError["envelope"]);

  it("are all in order where it is ready", () => {
    expect(partStates(true, null)).toEqual({ database: "ok", schema: "ok", keys: "ok" });
  });

  it("are named by what fails; later ones were not looked at", () => {
    expect(partStates(false, notReady("schema"))).toEqual({
      database: "ok",
      schema: "failed",
      keys: "unknown",
    });
  });

  it("are unknown where nobody says", () => {
    const unknown = { database: "unknown", schema: "unknown", keys: "unknown" };
    expect(partStates(false, notReady("settings"))).toEqual(unknown);
    expect(partStates(false, new ApiError(0, null))).toEqual(unknown);
  });
});

it("tells each reason for no login once, with the engines that it holds for", () => {
  const because = (message: string, remedy: string | null = null) => ({
    cause: "driver.missing" as const,
    message,
    remedy,
    package: null,
  });
  expect(
    withoutLogin([
      { db_type: "mysql", unavailable: null },
      { db_type: "redis", unavailable: because("not yet") },
      { db_type: "oracle", unavailable: because("no driver", "install it") },
      { db_type: "mongodb", unavailable: because("not yet") },
    ]),
  ).toEqual([
    { why: "not yet", remedy: "", of: ["redis", "mongodb"] },
    { why: "no driver", remedy: "install it", of: ["oracle"] },
  ]);
});
