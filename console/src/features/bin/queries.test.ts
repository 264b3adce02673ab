import { describe, expect, it } from "vitest";
import { sortingOf } from "./queries";

describe("the order of the recycle bin in the URL", () => {
  it("is the newest deletion first unless it says otherwise", () => {
    expect(sortingOf({})).toEqual({ sort: "deleted_at", order: "desc" });
    expect(sortingOf({ sort: "name", order: "asc" })).toEqual({ sort: "name", order: "asc" });
  });

  it("is not what the API would refuse", () => {
    expect(sortingOf({ sort: "colour", order: "up" })).toEqual(sortingOf({}));
  });
});
