import { describe, expect, test } from "vitest";
import { callSearch, changeText, doneOf, importSearch } from "./changes";

const label = (field: string): string => field.toUpperCase();
const say = (_: string, value: unknown): unknown => (value === true ? "yes" : value);

describe("what changed", () => {
  test("short values are shown before and after", () => {
    expect(changeText({ field: "port", before: 1, after: 2, secret: false }, label, say)).toBe("PORT 1 → 2");
    expect(changeText({ field: "owner", before: null, after: "ann", secret: false }, label, say)).toBe(
      "OWNER — → ann",
    );
  });

  test("values are put into words", () => {
    expect(changeText({ field: "is_active", before: null, after: true, secret: false }, label, say)).toBe(
      "IS_ACTIVE — → yes",
    );
  });

  test("long texts, lists and secrets are named alone", () => {
    expect(
      changeText({ field: "description", before: null, after: "x".repeat(29), secret: false }, label, say),
    ).toBe("DESCRIPTION");
    expect(changeText({ field: "tags", before: [], after: ["a"], secret: false }, label, say)).toBe("TAGS");
    expect(changeText({ field: "key", before: null, after: null, secret: true }, label, say)).toBe("KEY");
  });

  test("an action that is new to us has no word", () => {
    expect(doneOf("instance.update")).toBe("update");
    expect(doneOf("instance.detect")).toBe("detect");
    expect(doneOf("instance.change_role")).toBe("change_role");
    expect(doneOf("instance.transmute")).toBeNull();
  });
});

describe("changes of one call", () => {
  const event = (at: string, id: number | null) => ({
    ...{ id: 1, at, action: "instance.update", entity_type: "instance", entity_id: 1, entity_name: "a" },
    ...{ changes: [], reason: null, ticket: null, request_id: null, source: "api", reverts_id: null },
    actor: { id, username: "ann" },
  });

  test("of an import are what the list finds by it, those in the recycle bin included", () => {
    expect(importSearch(7)).toEqual({ import_id: "7", include_deleted: "true" });
  });

  test("are found in the audit log by the millisecond that holds their moment", () => {
    const { since, until } = callSearch(event("2026-11-27T13:05:01.123456+00:00", 4));

    expect([since, until]).toEqual(["2026-11-27T13:05:01.123Z", "2026-11-27T13:05:01.124Z"]);
  });

  test("of a program without an account are of no actor", () => {
    expect(callSearch(event("2026-11-27T13:05:01+00:00", 4))).toMatchObject({ actor_id: "4" });
    expect(callSearch(event("2026-11-27T13:05:01+00:00", null))).not.toHaveProperty("actor_id");
  });
});
