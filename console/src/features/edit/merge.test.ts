import { describe, expect, it } from "vitest";
import { EMPTY, type Values } from "./fields";
import { differences, firstChoices, isDecided, merged } from "./merge";

const base: Values = {
  ...EMPTY,
  name: "a",
  db_type: "mysql",
  host: "h",
  port: "3306",
  owner: "x",
  tag_names: ["t"],
};
const theirs: Values = { ...base, port: "3307", owner: "them", location: "B1", tag_names: ["t", "u"] };
const mine: Values = { ...base, owner: "me", location: "B1", contact: "mail", tls_client_key: "PEM" };

describe("a conflict, three ways", () => {
  const found = differences(base, theirs, mine);

  it("tells who changed what; both to the same value is none", () => {
    expect(Object.fromEntries(found.map(({ field, by }) => [field, by]))).toEqual({
      port: "theirs",
      owner: "both",
      contact: "mine",
      tag_names: "theirs",
      tls_client_key: "mine",
    });
  });

  it("asks only where both changed it", () => {
    const choices = firstChoices(found);
    expect(choices.owner).toBeUndefined();
    expect(isDecided(found, choices)).toBe(false);
    expect(isDecided(found, { ...choices, owner: "mine" })).toBe(true);
  });

  it("merges by the choices and loses nothing else of theirs", () => {
    const result = merged(theirs, mine, { ...firstChoices(found), owner: "mine" });
    expect(result).toEqual({ ...theirs, owner: "me", contact: "mail", tls_client_key: "PEM" });
    expect(merged(theirs, mine, { ...firstChoices(found), owner: "theirs", port: "mine" })).toMatchObject({
      owner: "them",
      port: "3306",
    });
  });

  it("finds nothing where nobody else changed a field", () => {
    expect(differences(base, base, mine).every(({ by }) => by === "mine")).toBe(true);
  });
});
