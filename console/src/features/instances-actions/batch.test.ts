import { describe, expect, it } from "vitest";
import { operationsOf } from "./batch";

describe("a batch", () => {
  it("writes the operations of the API", () => {
    expect(operationsOf("tag", [1], { tags: ["a"] })).toEqual([
      { op: "tag", id: 1, name: null, filter: null, data: { tag_names: ["a"] } },
    ]);
    expect(operationsOf("delete", [1, 2], { reason: " gone " }).map((one) => one.data)).toEqual([
      { reason: "gone" },
      { reason: "gone" },
    ]);
    expect(operationsOf("restore", [1])[0]?.data).toEqual({});
  });
});
