import { describe, expect, it } from "vitest";
import type { Instance } from "@/api/types";
import { diffBetween } from "./between";

const texts = (side: { text: string }[] | null) => side?.map((line) => line.text);

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
    expect(diffBetween(base, now).map((one) => [one.field, texts(one.before), texts(one.after)])).toEqual([
      ["port", ["5432"], ["5433"]],
      ["credential", ["old (#1)"], ["new (#2)"]],
      ["tag_names", ["a", "b"], ["b"]],
    ]);
  });
});
