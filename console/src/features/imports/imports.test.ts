import { expect, test } from "vitest";
import { firstLine, guard, writeCsv } from "./csv";
import {
  ERRORS_HEADER,
  headerOf,
  placeOf,
  ROW_HEADER,
  twiceMapped,
  unknownHeaders,
  withKnown,
} from "./mapping";
import { correct, faultyCsv, filterRows, mistakesCsv, newValues, valueText } from "./preview";
import { chooseSample, endpointOf } from "./sample";
import { column, row } from "./testRows";
import type { Import, ImportColumn, ImportRow } from "./types";

const fresh = (number: number, values: Record<string, unknown>): ImportRow =>
  row(number, {
    changes: Object.entries(values).map(([field, after]) => ({ field, before: null, after, secret: false })),
  });

const wrong = row(7, {
  action: "error",
  errors: [{ field: "port", code: "out_of_range", message: "A port is 1 to 65535", value: null }],
  cells: { 名称: "=cmd", 端口: '9"9' },
});

const report = (rows: ImportRow[], columns: ImportColumn[]): Import => ({
  id: null,
  file_name: "x.csv",
  at: null,
  actor: null,
  undone_at: null,
  undone_by: null,
  summary: { rows: rows.length, insert: 0, update: 0, unchanged: 0, error: 0 },
  columns,
  column_faults: [],
  rows,
});

test("what a spreadsheet takes for a formula is guarded, as the server does it", () => {
  for (const text of ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "＝1", "－1", "'tis"])
    expect(guard(text)).toBe(`'${text}`);
  expect(guard("orders-01")).toBe("orders-01");
});

test("a file is quoted and read by Excel as UTF-8", () => {
  expect(
    writeCsv([
      ["a", 'b"c'],
      ["=1", ""],
    ]),
  ).toBe('\ufeff"a","b""c"\r\n"\'=1",""\r\n');
});

test("the headers of a template are read", () => {
  expect(firstLine('\ufeff"名称","a, b","say ""x"""\r\n"1"')).toEqual(["名称", "a, b", 'say "x"']);
});

test("wrong rows come as a file with their number and faults, without columns that were left out", () => {
  const columns = [column("名称", "name"), column("端口", "port"), column("备", null, true)];

  expect(faultyCsv(report([row(2), wrong], columns))).toBe(
    `\ufeff"名称","端口","${ROW_HEADER}","${ERRORS_HEADER}"\r\n"'=cmd","9""9","7","port: A port is 1 to 65535"\r\n`,
  );
  expect(faultyCsv(report([row(2)], columns))).toBeNull();
});

test("our own columns of a mended file are left out without a question", () => {
  const columns = [column("name", "name"), column(ERRORS_HEADER, null), column(ROW_HEADER, null)];

  expect(withKnown(columns, {})).toEqual({ [ERRORS_HEADER]: null, [ROW_HEADER]: null });
  expect(withKnown(columns, { [ERRORS_HEADER]: null, [ROW_HEADER]: null })).toBeNull();
});

test("what was said of a header before holds for an unknown one of the next file, and for no other", () => {
  const columns = [column("主机", "host"), column("机柜", null), column("序号", null), column("备", null)];
  const before = { 主机: null, 机柜: "custom.rack", 序号: null, 别的: "owner" };

  expect(withKnown(columns, { 备: "owner" }, before)).toEqual({
    备: "owner",
    机柜: "custom.rack",
    序号: null,
  });
  expect(withKnown(columns, { 机柜: "location", 序号: "id" }, before)).toBeNull();
});

test("a choice goes before what the server understood, and what nobody knows is asked", () => {
  const columns = [column("名称", "name"), column("机柜", null), column("序号", null, true)];

  expect(columns.map((one) => placeOf(one, { 名称: null }))).toEqual([null, undefined, null]);
  expect(unknownHeaders(columns, {})).toEqual(["机柜"]);
  expect(unknownHeaders(columns, { 机柜: "custom.rack" })).toEqual([]);
  expect(twiceMapped(columns, { 机柜: "name" })).toEqual(["名称", "机柜"]);
  expect(twiceMapped(columns, { 机柜: null })).toEqual([]);
});

test("a fault finds the column that it speaks of", () => {
  const columns = [
    column("标签", "tag_names"),
    column("柜", "custom.rack"),
    column("C", "custom"),
    column("login", "credential"),
  ];

  expect(headerOf(columns, "tag_names.0")).toBe("标签");
  expect(headerOf(columns, "custom.rack")).toBe("柜");
  expect(headerOf(columns, "custom.x")).toBe("C");
  expect(headerOf(columns, "credential_id")).toBe("login");
  expect(headerOf(columns, "host")).toBeNull();
});

test("rows are found by kind, name, number and fault", () => {
  const rows = [row(2), row(3, { action: "update" }), wrong];

  expect(filterRows(rows, "update", "")).toEqual([rows[1]]);
  expect(filterRows(rows, "all", "65535")).toEqual([wrong]);
  expect(filterRows(rows, "all", "2")).toEqual([rows[0]]);
  expect(filterRows(rows, "insert", "DB-2")).toEqual([rows[0]]);
});

test("the rows of a mistake are found by their numbers, and of a kept import their mistakes make a file", () => {
  const rows = [row(2), wrong];

  expect(filterRows(rows, "error", "", new Set([7]))).toEqual([wrong]);
  expect(filterRows(rows, "error", "", new Set([2]))).toEqual([]);
  expect(mistakesCsv(report([row(2), { ...wrong, cells: null }], []))).toBe(
    `\ufeff"name","${ROW_HEADER}","${ERRORS_HEADER}"\r\n"db-7","7","port: A port is 1 to 65535"\r\n`,
  );
  expect(mistakesCsv(report([row(2)], []))).toBeNull();
});

test("a value is one line", () => {
  expect([null, [], {}, ["a", "b"], { id: 1, name: "x" }, { r: 1 }, false].map(valueText)).toEqual([
    "—",
    "—",
    "—",
    "a, b",
    "x",
    '{"r":1}',
    "false",
  ]);
  expect(
    newValues(fresh(2, { name: "a", sid: null, owner: "o", host: "h" })).map((one) => one.field),
  ).toEqual(["host", "owner"]);
});

test("only cells that differ are corrected, and earlier corrections stay", () => {
  expect(correct({ 7: { 名称: "a" } }, wrong, { 名称: "=cmd", 端口: "1" })).toEqual({
    7: { 名称: "a", 端口: "1" },
  });
  expect(correct({}, wrong, { 端口: '9"9' })).toEqual({});
});

test("an endpoint is what a check takes, the login by its id", () => {
  const shown = fresh(2, {
    name: "a",
    db_type: "mysql",
    host: "h",
    port: 1,
    owner: "x",
    credential: { id: 4, name: "m" },
  });

  expect(endpointOf(shown)).toEqual({ db_type: "mysql", host: "h", port: 1, credential_id: 4 });
  expect(endpointOf(row(3))).toBeNull();
});

test("a sample has one of each engine, login and network before two of any", () => {
  const rows = [
    fresh(2, { db_type: "mysql", host: "10.1.0.1", port: 1 }),
    fresh(3, { db_type: "mysql", host: "10.1.0.2", port: 1 }),
    fresh(4, { db_type: "mysql", host: "10.2.0.1", port: 1 }),
    fresh(5, { db_type: "oracle", host: "a.example.com", port: 1 }),
    row(6, { action: "unchanged" }),
  ];

  expect(chooseSample(rows, 3).map((one) => one.row)).toEqual([2, 4, 5]);
  expect(chooseSample(rows, 20).map((one) => one.row)).toEqual([2, 3, 4, 5]);
});
