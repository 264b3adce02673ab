import { describe, expect, it } from "vitest";
import type { AuditEvent, Instance } from "@/api/types";
import { diffBetween, diffOf, isRevertible, shownValue } from "./diff";

type Changes = AuditEvent["changes"];
const changes = (...all: Partial<Changes[number]>[]) => ({
  changes: all.map((one) => ({ secret: false, before: null, after: null, ...one })) as Changes,
});

describe("diffOf", () => {
  it("tells what was added, removed and changed", () => {
    const event = changes(
      { field: "port", before: 3306, after: 3307 },
      { field: "owner", before: null, after: "ops" },
      { field: "contact", before: "a@b.c", after: null },
    );
    expect(diffOf(event)).toEqual([
      { field: "port", before: "3306", after: "3307", kind: "changed" },
      { field: "owner", before: null, after: "ops", kind: "added" },
      { field: "contact", before: "a@b.c", after: null, kind: "removed" },
    ]);
  });

  it("leaves out what was nothing before and is nothing after", () => {
    expect(diffOf(changes({ field: "tag_names", after: [] }, { field: "custom", after: {} }))).toEqual([]);
  });

  it("keeps false and zero, which are values", () => {
    expect(diffOf(changes({ field: "tls_legacy", after: false }))).toEqual([
      { field: "tls_legacy", before: null, after: "false", kind: "added" },
    ]);
  });

  it("shows of a secret only that it changed", () => {
    const [diff] = diffOf(changes({ field: "tls_client_key", secret: true, before: "x", after: "y" }));
    expect(diff).toEqual({ field: "tls_client_key", before: null, after: null, kind: "secret" });
  });

  it("compares custom fields key by key", () => {
    const event = changes({
      field: "custom",
      before: { rack: "R1", dc: "a" },
      after: { rack: "R2", dc: "a", u: 4 },
    });
    expect(diffOf(event).map((one) => [one.field, one.before, one.after])).toEqual([
      ["custom.rack", "R1", "R2"],
      ["custom.u", null, "4"],
    ]);
  });

  it("names what a field refers to", () => {
    expect(shownValue({ id: 3, name: "monitor" })).toBe("monitor");
    expect(shownValue(["a", "b"])).toBe("a, b");
  });
});

describe("isRevertible", () => {
  it("holds for changes, and for none that tell of a secret or of a creation", () => {
    expect(isRevertible({ action: "instance.update", ...changes({ field: "port" }) })).toBe(true);
    expect(isRevertible({ action: "instance.create", ...changes({ field: "port" }) })).toBe(false);
    expect(
      isRevertible({ action: "instance.update", ...changes({ field: "tls_client_key", secret: true }) }),
    ).toBe(false);
  });
});

describe("diffBetween", () => {
  const base = {
    name: "orders-01",
    port: 5432,
    cluster: null,
    credential: { id: 1, name: "old", username: "m" },
    admin_credential: null,
    external_ids: {},
    custom: null,
    tags: [{ name: "b" }, { name: "a" }],
  } as unknown as Instance;

  it("finds nothing between equals, in whatever order their tags stand", () => {
    expect(diffBetween(base, { ...base, tags: base.tags.toReversed() })).toEqual([]);
  });

  it("finds fields, references and tags that differ", () => {
    const now = {
      ...base,
      port: 5433,
      credential: { id: 2, name: "new", username: "m" },
      tags: base.tags.slice(0, 1),
    };
    expect(diffBetween(base, now).map((one) => [one.field, one.before, one.after])).toEqual([
      ["port", "5432", "5433"],
      ["credential", "old", "new"],
      ["tag_names", "a, b", "b"],
    ]);
  });
});
