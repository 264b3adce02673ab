import { describe, expect, it } from "vitest";
import type { Item } from "../queries";
import { byReason, planBulk } from "./plan";

const tag = (name: string) => ({ id: 1, name, color: null });
const item = (id: number, more: Partial<Item> = {}): Item => ({
  id,
  name: `db-${id}`,
  status: "active",
  is_active: true,
  lifecycle: "active",
  tags: [],
  ...more,
});
const all = { can: () => true };
const ids = (items: readonly Item[]): number[] => items.map((one) => one.id);

describe("planning for many", () => {
  const items = [
    item(1),
    item(2, { is_active: false, status: "inactive" }),
    item(3, { lifecycle: "retired", is_active: false, status: "inactive" }),
    item(4, { status: "deleted" }),
  ];

  it("checks what is in use, and says why not the others", () => {
    const plan = planBulk("check", items, all);
    expect(ids(plan.will)).toEqual([1]);
    expect(plan.skipped.map((one) => [one.item.id, one.why])).toEqual([
      [2, "inactive"],
      [3, "retired"],
      [4, "in_bin"],
    ]);
  });

  it("checks what is not in use when that is wanted, but never what is in the bin", () => {
    const plan = planBulk("check", items, { ...all, idle: true });
    expect(ids(plan.will)).toEqual([1, 2, 3]);
    expect(plan.skipped.map((one) => one.why)).toEqual(["in_bin"]);
  });

  it("does nothing that the role may not do", () => {
    const plan = planBulk("delete", items, { can: (action) => action === "update" });
    expect(plan.will).toEqual([]);
    expect(byReason(plan).map(([why, held]) => [why, held.length])).toEqual([["no_right", 4]]);
  });

  it("gives fields to all but those in the bin", () => {
    const plan = planBulk("edit", items, all);
    expect(ids(plan.will)).toEqual([1, 2, 3]);
    expect(plan.skipped.map((one) => one.why)).toEqual(["in_bin"]);
  });

  it("leaves out who has all the tags already, or none of those to remove", () => {
    const tagged = [item(1, { tags: [tag("a")] }), item(2, { tags: [tag("a"), tag("b")] }), item(3)];
    const adding = planBulk("tag", tagged, { ...all, tags: ["a", "b"] });
    expect(ids(adding.will)).toEqual([1, 3]);
    expect(adding.skipped).toEqual([{ item: tagged[1], why: "has_tags" }]);
    const removing = planBulk("untag", tagged, { ...all, tags: ["b", "c"] });
    expect(ids(removing.will)).toEqual([2]);
    expect(removing.skipped.map((one) => one.why)).toEqual(["lacks_tags", "lacks_tags"]);
  });
});
