import { describe, expect, it } from "vitest";
import type { AuditEvent } from "@/api/types";
import { diffOf, firstOf, undoingNeeds, wordOf } from "./diff";

const changes = (...all: object[]) => all as AuditEvent["changes"];
const change = (field: string, before: unknown, after: unknown) => ({ field, before, after, secret: false });

describe("what an event changed", () => {
  it("stands field by field, before and after", () => {
    expect(diffOf(changes(change("port", 3306, 3307)))).toEqual([
      {
        field: "port",
        kind: "changed",
        before: [{ text: "3306", differs: true }],
        after: [{ text: "3307", differs: true }],
      },
    ]);
  });

  it("of a list marks the entries that came or went", () => {
    const [hosts] = diffOf(changes(change("hosts", ["a", "b"], ["b", "c"])));
    expect(hosts?.before).toEqual([
      { text: "a", differs: true },
      { text: "b", differs: false },
    ]);
    expect(hosts?.after).toEqual([
      { text: "b", differs: false },
      { text: "c", differs: true },
    ]);
  });

  it("of an object stands member by member", () => {
    const [custom] = diffOf(changes(change("custom", { rack: "1", row: 2 }, { rack: "2", row: 2 })));
    expect(custom?.before?.filter((one) => one.differs)).toEqual([{ text: "rack: 1", differs: true }]);
    expect(custom?.after?.filter((one) => one.differs)).toEqual([{ text: "rack: 2", differs: true }]);
  });

  it("tells what was added and what was removed, and leaves out what is nothing on both sides", () => {
    const found = diffOf(
      changes(change("owner", null, "dba"), change("tags", ["x"], []), change("note", null, "")),
    );
    expect(found.map((one) => [one.field, one.kind])).toEqual([
      ["owner", "added"],
      ["tags", "removed"],
    ]);
  });

  it("keeps false and zero, which are values", () => {
    expect(diffOf(changes(change("is_active", true, false), change("n", 0, 1)))).toHaveLength(2);
  });

  it("of a secret tells only that it changed", () => {
    expect(diffOf(changes({ field: "password", before: "x", after: "y", secret: true }))).toEqual([
      { field: "password", kind: "secret", before: null, after: null },
    ]);
  });

  it("in a line names the first fields and counts the others", () => {
    const all = ["a", "b", "c", "d"].map((field) => change(field, null, 1));
    const { shown, more } = firstOf(changes(change("empty", null, null), ...all), 3);
    expect(shown.map((one) => one.field)).toEqual(["a", "b", "c"]);
    expect(more).toBe(1);
  });
});

describe("a value", () => {
  it.each([
    [{ id: 3, name: "prod" }, "prod (#3)"],
    [{ name: "prod" }, "prod"],
    [{ db_type: "mysql", host: "h", port: 1 }, '{"db_type":"mysql","host":"h","port":1}'],
    ["<img src=x>", "<img src=x>"],
    [true, "true"],
  ])("%j is the text %s", (value, text) => {
    expect(wordOf(value)).toBe(text);
  });
});

describe("undoing", () => {
  const some = changes(change("port", 1, 2));
  it("takes the action that the API asks", () => {
    expect(undoingNeeds({ action: "instance.update", changes: some })).toBe("update");
    expect(undoingNeeds({ action: "credential.bind", changes: some })).toBe("credentials");
  });
  it("is none for secrets, creations and events without changes", () => {
    const secret = changes({ field: "password", secret: true });
    expect(undoingNeeds({ action: "credential.update", changes: secret })).toBeNull();
    expect(undoingNeeds({ action: "instance.create", changes: some })).toBeNull();
    expect(undoingNeeds({ action: "instance.update", changes: changes() })).toBeNull();
  });
});
