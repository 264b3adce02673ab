import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "@/app/search";
import { filtersOf, localOf, momentOf, urlOf } from "./filters";

describe("the filters of the URL", () => {
  it("are read as the API takes them", () => {
    const search = parseSearch(
      "entity_type=instance&entity_id=12&actor_id=3&action=instance.update&since=2026-11-27T10:00:00%2B02:00&page=2",
    );
    expect(filtersOf(search)).toEqual({
      entity_type: "instance",
      entity_id: 12,
      actor_id: 3,
      action: "instance.update",
      since: "2026-11-27T08:00:00.000Z",
    });
  });

  it("leave out what makes no sense", () => {
    const search = parseSearch(`entity_id=abc&actor_id=0&since=yesterday&until=&action=${"x".repeat(51)}`);
    expect(filtersOf(search)).toEqual({});
  });

  it("take the first of what stands twice", () => {
    expect(filtersOf(parseSearch("actor_id=1&actor_id=2"))).toEqual({ actor_id: 1 });
  });

  it("come back from the URL that they make", () => {
    const filters = { entity_type: "tag", entity_id: 7, since: "2026-11-01T00:00:00.000Z" };
    const url = stringifySearch(urlOf(filters));
    expect(filtersOf(parseSearch(url))).toEqual(filters);
  });

  it("begin at the first page again, and go when they are cleared", () => {
    expect(urlOf({ action: undefined })).toEqual({ page: undefined, action: undefined });
    expect(urlOf({ actor_id: 5 })).toEqual({ page: undefined, actor_id: "5" });
  });
});

describe("local time", () => {
  it("comes back to the minute", () => {
    const at = new Date(2026, 10, 27, 13, 5).toISOString();
    expect(localOf(at)).toBe("2026-11-27T13:05");
    expect(momentOf(localOf(at))).toBe(at);
  });

  it("is none where the field is empty", () => {
    expect(localOf(undefined)).toBe("");
    expect(momentOf("")).toBeUndefined();
  });
});
