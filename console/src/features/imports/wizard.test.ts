import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { ERRORS_HEADER } from "./mapping";
import { isReachable, START, withAnswer, withFile, withRefusal } from "./wizard";

const refusal = (extra: Record<string, unknown>) =>
  new ApiError(400, { message_code: "VALIDATION_ERROR", extra } as never);
const file = new File(["name\nx"], "x.csv");
const unknown = { header: "机柜", field: null, left_out: false, samples: [] };
const errors = { header: ERRORS_HEADER, field: null, left_out: false, samples: [] };
const faults = [{ field: "file.机柜", code: "unknown_column", message: "?" }];
const answer = (columns: readonly unknown[], column_faults: readonly unknown[] = []) =>
  ({ columns, column_faults, rows: [] }) as never;
const ready = (wizard = withFile(START, file)) => withAnswer(wizard, answer([])).wizard;

test("unknown columns are asked for, and what was chosen stays", () => {
  const before = { ...withFile(START, file), mapping: { 序号: null } };
  const { wizard, again } = withAnswer(before, answer([unknown], faults));

  expect([wizard.step, wizard.mapping, wizard.file, again]).toEqual(["columns", { 序号: null }, file, false]);
  expect([wizard.columnFaults, wizard.report]).toEqual([faults, null]);
});

test("columns that could be made out in the end leave no fault behind", () => {
  const asked = withAnswer(withFile(START, file), answer([unknown], faults)).wizard;
  const { wizard, again } = withAnswer(asked, answer([unknown]));

  expect([wizard.step, wizard.columnFaults, again]).toEqual(["preview", [], false]);
});

test("a mended file is rehearsed again without the columns of ours, once", () => {
  const first = withAnswer(withFile(START, file), answer([unknown, errors], faults));
  const second = withAnswer(first.wizard, answer([unknown, errors], faults));

  expect([first.again, first.wizard.mapping]).toEqual([true, { [ERRORS_HEADER]: null }]);
  expect(second.again).toBe(false);
});

test("a file that cannot be read stays where it is", () => {
  const wizard = withRefusal(withFile(START, file), refusal({ fields: [] }));

  expect([wizard.step, wizard.file]).toEqual(["file", file]);
});

test("a server that cannot be reached changes nothing", () => {
  const before = ready();

  expect(withRefusal(before, new ApiError(0, null))).toBe(before);
});

test("another file keeps the options but nothing that was said of the first", () => {
  const first = { ...withFile(START, file), mapping: { a: null }, corrections: { 2: { a: "b" } } };
  const next = withFile({ ...first, options: { ...first.options, reason: "move" } }, new File([], "y.csv"));

  expect([next.mapping, next.corrections, next.options.reason]).toEqual([{}, {}, "move"]);
});

test("rows are shown only while the report holds", () => {
  const shown = ready();

  expect(shown.step).toBe("preview");
  expect(isReachable(shown, "sample")).toBe(true);
  expect(isReachable({ ...shown, stale: true }, "preview")).toBe(false);
  expect(isReachable(START, "columns")).toBe(false);
});
