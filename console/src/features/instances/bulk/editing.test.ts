import { describe, expect, it } from "vitest";
import { dataOf, editsOf, emptiedBy, isComplete, mayBeEmpty } from "./editing";

describe("fields for many", () => {
  it("are written as the API takes them, and those that are not ticked are left alone", () => {
    expect(dataOf({ owner: " dba ", criticality: "2", credential_id: "7" })).toEqual({
      owner: "dba",
      criticality: 2,
      credential_id: 7,
    });
  });

  it("lose their value where nothing is filled in", () => {
    expect(dataOf({ cluster_id: "", owner: " " })).toEqual({ cluster_id: null, owner: null });
    expect(emptiedBy({ cluster_id: "", owner: " ", tls_mode: "require", lifecycle: "" })).toEqual([
      "owner",
      "cluster_id",
    ]);
  });

  it("are complete when one is ticked and none is empty that must have a value", () => {
    expect(isComplete({})).toBe(false);
    expect(isComplete({ owner: "" })).toBe(true);
    expect(mayBeEmpty("lifecycle")).toBe(false);
    expect(isComplete({ owner: "", lifecycle: "" })).toBe(false);
    expect(isComplete({ lifecycle: "retired" })).toBe(true);
  });

  it("make one operation for each", () => {
    expect(editsOf([3, 4], { tls_mode: "require" })).toEqual(
      [3, 4].map((id) => ({ op: "update", id, name: null, filter: null, data: { tls_mode: "require" } })),
    );
  });
});
