import { describe, expect, it } from "vitest";
import { endOfDay, inDays, networksOf, tokenState } from "./expiry";

const NOW = Date.parse("2026-11-27T12:00:00Z");

describe("the state of a token", () => {
  it.each([
    ["active", "2027-06-01T00:00:00+00:00", "active"],
    ["active", "2026-12-11T12:00:00+00:00", "soon"],
    ["active", "2026-12-11T12:00:01+00:00", "active"],
    ["active", "2026-11-27T12:00:00+00:00", "expired"],
    ["expired", "2026-11-01T00:00:00+00:00", "expired"],
    ["owner_disabled", "2027-06-01T00:00:00+00:00", "owner_disabled"],
    ["owner_disabled", "2026-11-01T00:00:00+00:00", "expired"],
  ] as const)("%s until %s is %s", (status, expires_at, state) => {
    expect(tokenState({ status, expires_at }, NOW)).toBe(state);
  });
});

describe("the end of a token", () => {
  it("in days stays below the limit that the server counts from its own clock", () => {
    expect(inDays(365, NOW)).toBe("2027-11-27T11:59:00.000Z");
  });

  it("by a date is the last second of that local day", () => {
    expect(endOfDay("2027-03-01")).toBe(new Date(2027, 2, 1, 23, 59, 59).toISOString());
  });

  it.each(["", "2027-02-30", "2027-13-01", "1.3.2027"])("is none for %j", (day) => {
    expect(endOfDay(day)).toBeNull();
  });
});

it("networks stand one a line or in a row, each once", () => {
  expect(networksOf("10.0.0.0/8\n192.168.0.0/16, 10.0.0.0/8，::1/128")).toEqual([
    "10.0.0.0/8",
    "192.168.0.0/16",
    "::1/128",
  ]);
});
