import { expect, test } from "vitest";
import { changeHeaders, headerText } from "./calls";

test("a reason beyond ASCII goes as UTF-8'' with percent signs", () => {
  expect(headerText(" move to DC2\n now ")).toBe("move to DC2 now");
  expect(headerText("迁移 1")).toBe("UTF-8''%E8%BF%81%E7%A7%BB%201");
});

test("an empty reason or ticket is not sent", () => {
  expect(changeHeaders({ reason: "  ", ticket: "DBA-2041" })).toEqual({ "X-Change-Ticket": "DBA-2041" });
});
