import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { partStates } from "./about";

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
