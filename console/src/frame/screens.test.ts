import { expect, it } from "vitest";
import { isWithin } from "./screens";

it("a page below a screen belongs to it, and a path that only begins alike does not", () => {
  expect(isWithin("/credentials/7", { path: "/credentials" })).toBe(true);
  expect(isWithin("/tags", { path: "/tags" })).toBe(true);
  expect(isWithin("/tagsoup", { path: "/tags" })).toBe(false);
  expect(isWithin("/tags", { path: "/" })).toBe(false);
});
