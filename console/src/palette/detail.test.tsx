import { renderHook } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { chooseLanguage } from "@/i18n/language";
import { useDetail } from "./detail";

beforeAll(() => chooseLanguage("en"));

it.each([
  ["instance", "postgresql 10.1.4.20:5432", "PostgreSQL 10.1.4.20:5432"],
  ["instance", "sqlserver [fd00::1]:1433", "SQL Server [fd00::1]:1433"],
  ["instance", "brandnew db1:9", "brandnew db1:9"],
  ["cluster", "availability_group", "Availability group"],
  ["credential", "oracle 7", "oracle 7"],
])("a found %s with %s is shown as %s", (type, detail, shown) => {
  expect(renderHook(useDetail).result.current(type, detail)).toBe(shown);
});
