import { expect, it } from "vitest";
import { piecesOf } from "./notices";

it("finds each name in the sentence in its order, and keeps those that are not there", () => {
  const named = [
    { id: 1, name: "pg" },
    { id: 2, name: "pg-live" },
    { id: 3, name: "gone" },
  ];
  const { pieces, rest } = piecesOf("Also here: pg, pg-live.", named);
  expect(pieces).toEqual([
    { text: "Also here: ", id: null },
    { text: "pg", id: 1 },
    { text: ", ", id: null },
    { text: "pg-live", id: 2 },
    { text: ".", id: null },
  ]);
  expect(rest.map((one) => one.id)).toEqual([3]);
});
