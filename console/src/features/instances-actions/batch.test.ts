import { describe, expect, it } from "vitest";
import { operationsOf } from "./batch";

describe("a batch", () => {
  it("writes the operations of the API", () => {
    expect(operationsOf("tag", [1], ["a"])).toEqual([
      { op: "tag", id: 1, name: null, filter: null, data: { tag_names: ["a"] } },
    ]);
    expect(operationsOf("delete", [1, 2]).map(({ op, id, data }) => [op, id, data])).toEqual([
      ["delete", 1, {}],
      ["delete", 2, {}],
    ]);
  });
});
