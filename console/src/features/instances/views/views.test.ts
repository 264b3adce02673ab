import { describe, expect, it } from "vitest";
import { parseSearch } from "@/app/search";
import { isShown, readViews, removeView, renameView, saveView } from "./views";

describe("saved views", () => {
  const search = parseSearch("?owner=&tags=a&tags=b&sort=port&order=desc&page=4");

  it("keep the query of the URL without its page", () => {
    expect(saveView([], "  mine ", search, "1")).toEqual([
      { id: "1", name: "mine", query: "?owner=&tags=a&tags=b&sort=port&order=desc" },
    ]);
  });

  it("are renamed and removed by id", () => {
    const views = saveView(saveView([], "one", search, "1"), "two", {}, "2");
    expect(renameView(views, "2", " zwei ").map((one) => one.name)).toEqual(["one", "zwei"]);
    expect(removeView(views, "1").map((one) => one.id)).toEqual(["2"]);
  });

  it("are shown on any page and in any order", () => {
    const view = { query: "?owner=&tags=a&tags=b&sort=port" };
    expect(isShown(view, parseSearch("?tags=a&tags=b&owner=&page=2"))).toBe(true);
    expect(isShown(view, parseSearch("?tags=a&owner="))).toBe(false);
    expect(isShown({ query: "" }, parseSearch("?page=2&limit=20"))).toBe(true);
  });

  it("survive nonsense in the store", () => {
    expect(readViews("{")).toEqual([]);
    expect(readViews('{"id":"1"}')).toEqual([]);
    expect(readViews('[{"id":"1","name":"x","query":"?a=b"},{"id":2},null]')).toEqual([
      { id: "1", name: "x", query: "?a=b" },
    ]);
  });
});
