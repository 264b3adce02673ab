import { expect, test } from "vitest";
import { bodyOf, changedOf, differences } from "./form";
import { reorder } from "./order";

test("an emptied field is null, an absent one stays absent", () => {
  expect(bodyOf({ name: "a", description: "", color: undefined })).toEqual({ name: "a", description: null });
});

test("only what differs is sent, and null is the same as nothing", () => {
  const before = { name: "a", description: null, position: 3 };

  expect(changedOf(before, { name: "b", description: null, position: 3 })).toEqual({ name: "b" });
  expect(changedOf({ name: "a" }, { name: "a", color: null })).toEqual({});
});

test("a conflict names the fields that are another's", () => {
  expect(differences({ name: "a", description: "theirs" }, { name: "a", description: "mine" })).toEqual([
    { field: "description", theirs: "theirs", yours: "mine" },
  ]);
});

const items = (...positions: number[]) => positions.map((position, index) => ({ id: index + 1, position }));
const written = (changes: [{ id: number }, number][]) => changes.map(([one, place]) => [one.id, place]);

test("two neighbours exchange their positions, the others keep theirs", () => {
  expect(written(reorder(items(1, 5, 9), 2, 1))).toEqual([
    [3, 5],
    [2, 9],
  ]);
});

test("positions that are the same are counted anew", () => {
  expect(written(reorder(items(0, 0, 20), 0, 1))).toEqual([
    [2, 10],
    [1, 20],
    [3, 30],
  ]);
});

test("nothing moves beyond the ends", () => {
  expect(reorder(items(1, 2), 0, -1)).toEqual([]);
  expect(reorder(items(1, 2), 1, 2)).toEqual([]);
});
