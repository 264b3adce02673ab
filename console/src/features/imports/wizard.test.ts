import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { ERRORS_HEADER } from "./mapping";
import { isReachable, START, withFile, withRefusal, withReport } from "./wizard";

const refusal = (extra: Record<string, unknown>) =>
  new ApiError(400, { message_code: "VALIDATION_ERROR", extra } as never);
const file = new File(["name\nx"], "x.csv");
const unknown = { header: "机柜", field: null, left_out: false };
const errors = { header: ERRORS_HEADER, field: null, left_out: false };

test("unknown columns are asked for, and what was chosen stays", () => {
  const before = { ...withFile(START, file), mapping: { 序号: null } };
  const { wizard, again } = withRefusal(before, refusal({ columns: [unknown] }));

  expect([wizard.step, wizard.mapping, wizard.file, again]).toEqual(["columns", { 序号: null }, file, false]);
});

test("a mended file is rehearsed again without the columns of ours, once", () => {
  const first = withRefusal(withFile(START, file), refusal({ columns: [unknown, errors] }));
  const second = withRefusal(first.wizard, refusal({ columns: [unknown, errors] }));

  expect([first.again, first.wizard.mapping]).toEqual([true, { [ERRORS_HEADER]: null }]);
  expect(second.again).toBe(false);
});

test("a file that cannot be read stays where it is", () => {
  const { wizard } = withRefusal(withFile(START, file), refusal({ fields: [] }));

  expect([wizard.step, wizard.file]).toEqual(["file", file]);
});

test("a server that cannot be reached changes nothing", () => {
  const before = withReport(withFile(START, file), { columns: [], rows: [] } as never);

  expect(withRefusal(before, new ApiError(0, null)).wizard).toBe(before);
});

test("another file keeps the options but nothing that was said of the first", () => {
  const first = { ...withFile(START, file), mapping: { a: null }, corrections: { 2: { a: "b" } } };
  const next = withFile({ ...first, options: { ...first.options, reason: "move" } }, new File([], "y.csv"));

  expect([next.mapping, next.corrections, next.options.reason]).toEqual([{}, {}, "move"]);
});

test("rows are shown only while the report holds", () => {
  const report = { columns: [], rows: [] } as never;
  const ready = withReport(withFile(START, file), report);

  expect(ready.step).toBe("preview");
  expect(isReachable(ready, "sample")).toBe(true);
  expect(isReachable({ ...ready, stale: true }, "preview")).toBe(false);
  expect(isReachable(START, "columns")).toBe(false);
});
