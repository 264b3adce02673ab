import { describe, expect, it } from "vitest";
import { binState } from "./queries";

describe("the state of the recycle bin in the URL", () => {
  it("is the newest deletion first unless it says otherwise", () => {
    expect(binState({})).toEqual({
      search: "",
      page: 1,
      limit: 50,
      sorting: { sort: "deleted_at", order: "desc" },
    });
    expect(binState({ search: "pay", page: "3", limit: "20", sort: "name", order: "asc" })).toEqual({
      search: "pay",
      page: 3,
      limit: 20,
      sorting: { sort: "name", order: "asc" },
    });
  });

  it("does not send on what the API would refuse", () => {
    expect(binState({ page: "0", limit: "7000", sort: "colour" })).toEqual(binState({}));
    expect(binState({ page: "1.5" }).page).toBe(1);
  });
});
