import { renderHook } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { chooseLanguage } from "@/i18n/language";
import { useChangedField, useChangeWord } from "./fieldWords";

beforeAll(() => chooseLanguage("en"));

it("calls a field as the thing that has it does", () => {
  const { result } = renderHook(useChangedField);
  const label = result.current;
  expect(label("user", "role")).toBe("Role");
  expect(label("instance", "role")).toBe("Replication role");
  expect(label("instance", "tag_names")).toBe("Tags");
  expect(label("session", "first_at")).toBe("First");
  expect(label("cluster", "external_id")).toBe("External id");
  expect(label("instance", "something_new")).toBe("something_new");
});

it("says of the recycle bin which way an instance went, and of any other change its field", () => {
  const { result } = renderHook(useChangeWord);
  const word = (field: string, before: unknown, after: unknown, type = "instance") =>
    result.current(type, { field, before, after, secret: false });
  const at = "2026-11-28T05:49:25Z";
  expect(word("deleted_at", null, at)).toBe("Into the recycle bin");
  expect(word("deleted_at", at, null)).toBe("Out of the recycle bin");
  expect(word("port", 1, null)).toBe("Port");
  expect(word("deleted_at", at, null, "other")).toBe("Deleted");
});
