import { describe, expect, it } from "vitest";
import { nextPath } from "./LoginScreen";

describe("the way back after a login", () => {
  it.each(["/", "/instances/5", "/instances?tags=a&tags=b"])(
    "is the path that was asked for: %s",
    (given) => {
      expect(nextPath(given)).toBe(given);
    },
  );

  it.each([
    undefined,
    "",
    "instances",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
  ])("never leads elsewhere: %s", (given) => {
    expect(nextPath(given)).toBe("/");
  });
});
