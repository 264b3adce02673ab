import { renderHook } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { chooseLanguage } from "@/i18n/language";
import { useChangedField } from "./fieldWords";

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
