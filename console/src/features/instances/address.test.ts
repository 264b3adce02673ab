import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "@/app/search";
import { listQueryOf, pagingOf, withFilter, withPaging } from "./address";
import { readFilter } from "./filter/filter";

describe("the URL of the list", () => {
  it("without anything is the first page of the usual size and order", () => {
    expect(pagingOf({})).toEqual({ page: 1, limit: 50, sort: "name", order: "asc" });
  });

  it("says page, size and order in the API's words", () => {
    expect(pagingOf(parseSearch("?page=3&limit=100&sort=last_success_at&order=desc&tags=a"))).toEqual({
      page: 3,
      limit: 100,
      sort: "last_success_at",
      order: "desc",
    });
  });

  it.each(["?page=0", "?page=-1", "?page=1e3", "?limit=1000", "?limit=x", "?sort=password&order=desc"])(
    "takes what makes no sense as if it were not there: %s",
    (url) => {
      expect(pagingOf(parseSearch(url))).toEqual(pagingOf({}));
    },
  );

  it("leaves out what is usual", () => {
    const search = parseSearch("?tags=a&page=2&sort=port&order=desc&limit=20");
    const back = withPaging(search, { page: 1, limit: 50, sort: "name", order: "asc" });
    expect(stringifySearch(back)).toBe("?tags=a");
  });

  it("goes to the first page with another filter, and keeps size and order", () => {
    const search = parseSearch("?tags=a&page=7&limit=20&sort=port&order=desc");
    expect(stringifySearch(withFilter(search, { owner: [""] }))).toBe(
      "?owner=&limit=20&sort=port&order=desc",
    );
  });

  it("keeps a value that is empty on purpose", () => {
    expect(stringifySearch(parseSearch("?owner=&tags=a&tags=b"))).toBe("?owner=&tags=a&tags=b");
    expect(stringifySearch({ owner: "", tags: "a" })).toBe("?tags=a");
  });

  it("gives one key to one filter, however old it gets", () => {
    const first = listQueryOf(readFilter("last_success_until:7d tags:a,b"), {});
    const again = listQueryOf(readFilter("last_success_until:7d tags:a tags:b"), { page: "2" });
    expect(again.key).toBe(first.key);
    expect(listQueryOf(readFilter("last_success_until:8d tags:a,b"), {}).key).not.toBe(first.key);
    expect(listQueryOf(readFilter("nonsense:x"), {}).key).toBe("");
  });
});
