import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { partStates, readAbout } from "./about";

describe("what Muster says of itself", () => {
  it("is read in full", () => {
    const about = {
      version: "1.0.0",
      api_version: "v1",
      python: "3.11.9",
      store: { kind: "sqlite", version: "3.45.1", schema_revision: "0010" },
      engines: [
        {
          db_type: "oracle",
          default_port: null,
          capabilities: { connect: "supported" },
          unavailable: { cause: "driver.missing", message: "No driver", remedy: "Install it", package: "x" },
        },
      ],
      settings: { docs: true },
    };
    expect(readAbout({ data: { about } })).toEqual({
      version: "1.0.0",
      api_version: "v1",
      python: "3.11.9",
      store: { kind: "sqlite", version: "3.45.1", schema_revision: "0010" },
      engines: [
        {
          db_type: "oracle",
          default_port: null,
          capabilities: { connect: "supported" },
          unavailable: "No driver",
          remedy: "Install it",
        },
      ],
      docs: true,
    });
  });

  it("may be nothing at all, or of another form", () => {
    const nothing = {
      version: null,
      api_version: null,
      python: null,
      store: { kind: null, version: null, schema_revision: null },
      engines: [],
      docs: null,
    };
    expect(readAbout(null)).toEqual(nothing);
    expect(readAbout({ data: { about: { engines: [{}, 3], store: "x" } } })).toEqual(nothing);
    expect(readAbout({ data: { version: "2", schema_revision: "0011", docs: false } })).toMatchObject({
      version: "2",
      store: { schema_revision: "0011" },
      docs: false,
    });
  });
});

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
