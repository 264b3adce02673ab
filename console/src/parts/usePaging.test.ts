import { describe, expect, it } from "vitest";
import { pageOf } from "./usePaging";

describe("the page of a list in the URL", () => {
  it("is the first of the usual size unless it says otherwise", () => {
    expect(pageOf({})).toEqual({ page: 1, limit: 50 });
    expect(pageOf({}, 100)).toEqual({ page: 1, limit: 100 });
    expect(pageOf({ page: "3", limit: "20" }, 100)).toEqual({ page: 3, limit: 20 });
  });

  it("is not what the API would refuse", () => {
    expect(pageOf({ page: "0", limit: "7000" })).toEqual(pageOf({}));
    expect(pageOf({ page: "1.5", limit: "-20" })).toEqual(pageOf({}));
  });
});
