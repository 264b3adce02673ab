import { describe, expect, test } from "vitest";
import { changeText, doneOf } from "./changes";

const label = (field: string): string => field.toUpperCase();

describe("what changed", () => {
  test("short values are shown before and after", () => {
    expect(changeText({ field: "port", before: 1, after: 2, secret: false }, label)).toBe("PORT 1 → 2");
    expect(changeText({ field: "owner", before: null, after: "ann", secret: false }, label)).toBe(
      "OWNER — → ann",
    );
  });

  test("long texts, lists and secrets are named alone", () => {
    expect(
      changeText({ field: "description", before: null, after: "x".repeat(29), secret: false }, label),
    ).toBe("DESCRIPTION");
    expect(changeText({ field: "tags", before: [], after: ["a"], secret: false }, label)).toBe("TAGS");
    expect(changeText({ field: "key", before: null, after: null, secret: true }, label)).toBe("KEY");
  });

  test("an action that is new to us has no word", () => {
    expect(doneOf("instance.update")).toBe("update");
    expect(doneOf("instance.detect")).toBe("detect");
    expect(doneOf("instance.accept_identity")).toBe("accept_identity");
    expect(doneOf("instance.transmute")).toBeNull();
  });
});
