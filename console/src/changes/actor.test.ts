import { expect, it } from "vitest";
import { saidOf } from "./actor";

it.each([
  ["job:check", { key: "check", name: "check" }],
  ["job:audit", { key: "audit", name: "audit" }],
  ["job:mail:retry", { key: "job", name: "mail:retry" }],
  ["cli:root", { key: "cli", name: "root" }],
  ["anonymous", { key: "anonymous", name: "" }],
  ["something", null],
])("an actor %s that is no user is said as %j", (username, said) => {
  expect(saidOf({ id: null, username })).toEqual(said);
});

it("a user is called by the user's name, whatever that looks like", () => {
  expect(saidOf({ id: 7, username: "job:check" })).toBeNull();
  expect(saidOf({ id: 8, username: "anonymous" })).toBeNull();
});
