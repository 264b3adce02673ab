import { expect, it } from "vitest";
import { fieldRules, roleActions } from "@/api/rules.gen";
import { ACTIONS, isWithin, WORDED_ACTIONS } from "./roles";

const within = (own: string): string[] =>
  fieldRules.token.role.enum.filter((role) => isWithin(roleActions[role] ?? [], roleActions[own] ?? []));

it("the document tells the actions of every role", () => {
  for (const role of fieldRules.user.role.enum) expect(roleActions[role]).toContain("view");
});

it("a token may have no role above its owner's, and roles are no ladder", () => {
  expect(within("operator")).toEqual(["viewer", "operator"]);
  expect(within("dba")).toEqual(["viewer", "operator", "dba"]);
  expect(within("auditor")).toEqual(["viewer", "auditor"]);
  expect(within("admin")).toEqual(["viewer", "operator", "dba", "auditor", "admin"]);
});

it("every action of the document has words", () => {
  for (const action of Object.values(roleActions).flat()) expect(WORDED_ACTIONS).toContain(action);
});

it("nobody is told of what cannot be done yet", () => {
  expect(ACTIONS).not.toContain("schedule");
  expect(ACTIONS).toContain("token");
});
