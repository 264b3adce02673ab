import { describe, expect, it } from "vitest";
import { chipsOf } from "./chips";
import { readFilter } from "./filter";

const chips = (text: string) => chipsOf(readFilter(text)).map(({ key, values }) => [key, values.length]);

describe("the chips of a filter", () => {
  it("show a few values one by one, and many as one", () => {
    expect(chips("db_type:mysql,oracle id:1,2,3,4,5,6")).toEqual([
      ["db_type", 1],
      ["db_type", 1],
      ["id", 6],
    ]);
  });

  it("leave out what is not applied", () => {
    expect(chips("port:many orders")).toEqual([["search", 1]]);
  });
});
