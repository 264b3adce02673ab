import type { Action } from "@/session/me";
import type { Item } from "../queries";

export type BulkAction = "check" | "edit" | "tag" | "untag" | "delete";
type SkipReason = "no_right" | "in_bin" | "retired" | "inactive" | "has_tags" | "lacks_tags";

/** The action of the role that each takes, as the API asks for it. */
export const NEEDS: Record<BulkAction, Action> = {
  check: "check",
  edit: "update",
  tag: "update",
  untag: "update",
  delete: "delete",
};

export interface Choices {
  can: (action: Action) => boolean;
  /** Names of tags to add or to remove. */
  tags?: readonly string[];
  /** Check those that are not in use as well. */
  idle?: boolean;
}

export interface Plan {
  will: Item[];
  skipped: { item: Item; why: SkipReason }[];
}

function notInUse(item: Item): SkipReason | null {
  if (item.lifecycle === "retired") return "retired";
  return item.is_active === false ? "inactive" : null;
}

function reasonToSkip(action: BulkAction, item: Item, choices: Choices): SkipReason | null {
  if (!choices.can(NEEDS[action])) return "no_right";
  if (item.status === "deleted") return "in_bin";
  if (action === "check") return choices.idle ? null : notInUse(item);
  const tags = choices.tags ?? [];
  if (action === "delete" || action === "edit" || tags.length === 0) return null;
  const held = new Set((item.tags ?? []).map((tag) => tag.name));
  if (action === "tag") return tags.every((tag) => held.has(tag)) ? "has_tags" : null;
  return tags.some((tag) => held.has(tag)) ? null : "lacks_tags";
}

/** Who of the selected takes part in an action, and who does not and why. */
export function planBulk(action: BulkAction, items: readonly Item[], choices: Choices): Plan {
  const plan: Plan = { will: [], skipped: [] };
  for (const item of items) {
    const why = reasonToSkip(action, item, choices);
    if (why === null) plan.will.push(item);
    else plan.skipped.push({ item, why });
  }
  return plan;
}

/** The skipped by reason, in the order in which the reasons came up. */
export function byReason(plan: Plan): [SkipReason, Item[]][] {
  const groups = new Map<SkipReason, Item[]>();
  for (const { item, why } of plan.skipped) groups.set(why, [...(groups.get(why) ?? []), item]);
  return [...groups];
}
