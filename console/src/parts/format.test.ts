import { expect, it } from "vitest";
import { ago, hostPort, notBefore } from "./format";

const CLOCK = Date.parse("2026-11-28T00:00:00Z");
const said = (at: string): string => ago(at, notBefore(at, CLOCK), "en");

it("what happened since the clock's last step is now", () => {
  expect(said("2026-11-28T00:00:46Z")).toBe("now");
  expect(said("2026-11-28T00:01:00Z")).toBe("now");
});

it("what lies behind or well ahead is told as it is", () => {
  expect(said("2026-11-27T23:59:15Z")).toBe("45 sec ago");
  expect(said("2026-11-28T00:05:00Z")).toBe("in 5 min");
});

it("an IPv6 address stands in brackets before its port", () => {
  expect(hostPort("fe80::1", 5432)).toBe("[fe80::1]:5432");
  expect(hostPort("db.example.com", 5432)).toBe("db.example.com:5432");
});
