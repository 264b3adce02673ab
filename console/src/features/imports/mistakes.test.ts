import { expect, test } from "vitest";
import { binnedIds, correctAll, type Mistake, mistakesOf, takenRows } from "./mistakes";
import { column, row } from "./testRows";

const fault = (field: string, code: string, value: string | null = null) => ({
  field,
  code,
  message: `${code}!`,
  value,
});

test("the same value that is wrong in many rows is one mistake, mended in all of them", () => {
  const columns = [column("环境", "environment"), column("端口", "port")];
  const bad = (number: number, env: string) =>
    row(number, {
      action: "error",
      errors: [fault("environment", "unknown_reference", env.trim()), fault("port", "required")],
      cells: { 环境: env, 端口: "" },
    });
  const found = mistakesOf([bad(2, "prod"), bad(3, "prod "), bad(4, "live")], columns);

  expect(found.map(({ header, value, rows }) => [header, value, [...rows]])).toEqual([
    ["端口", "", [2, 3, 4]],
    ["环境", "prod", [2, 3]],
  ]);
  expect(correctAll({ 3: { 端口: "1" }, 9: { 环境: "x" } }, found[1] as Mistake, "production")).toEqual({
    2: { 环境: "production" },
    3: { 端口: "1", 环境: "production" },
    9: { 环境: "x" },
  });
});

test("a missing tag is one mistake even of one row, and no cell that holds more is replaced", () => {
  const columns = [column("标签", "tag_names")];
  const bad = (number: number, field: string, cell: string) =>
    row(number, {
      action: "error",
      errors: [fault(field, "unknown_reference", "x")],
      cells: { 标签: cell },
    });

  expect(mistakesOf([bad(2, "tag_names.0", "x")], columns)[0]?.header).toBe("标签");
  const [mistake] = mistakesOf([bad(2, "tag_names.0", "x"), bad(3, "tag_names.1", "a, x")], columns);
  expect([mistake?.field, mistake?.header, mistake?.rows.size]).toEqual(["tag_names", null, 2]);
  expect(correctAll({}, mistake as Mistake, "y")).toEqual({});
});

test("names in the recycle bin are to be restored, each once, and endpoints that are taken are looked at", () => {
  const binned = (number: number, id: number) =>
    row(number, { action: "error", errors: [fault("name", "name_taken_in_bin")], binned_id: id });
  const rows = [binned(2, 7), binned(3, 8), row(4), binned(5, 7)];

  expect(mistakesOf(rows, [])).toEqual([]);
  expect(binnedIds(rows)).toEqual([7, 8]);
  expect([...takenRows([row(2), row(3, { same_endpoint: [{ id: null, name: "x" }] })])]).toEqual([3]);
});
