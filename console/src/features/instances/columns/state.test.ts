import { describe, expect, it } from "vitest";
import { type ColumnState, moveColumn, readColumns, resizeColumns, toggleColumn } from "./state";

const known = ["mark", "name", "owner", "tags"];
const usual: ColumnState = { shown: ["mark", "name", "owner"], widths: {} };
const fixed = new Set(["mark", "name"]);

describe("kept columns", () => {
  it("are what was kept, without columns that no longer exist and widths that make no sense", () => {
    const kept = JSON.stringify({
      shown: ["mark", "name", "gone", "tags", "tags", 7],
      widths: { name: 300, gone: 100, tags: 3, owner: "wide" },
    });
    expect(readColumns(kept, known, usual)).toEqual({
      shown: ["mark", "name", "tags"],
      widths: { name: 300 },
    });
  });

  it.each([null, "", "{", "[]", "7", '{"shown":"name"}', '{"shown":[]}', '{"shown":["gone"]}'])(
    "are the usual ones where %j was kept",
    (kept) => {
      expect(readColumns(kept, known, usual)).toBe(usual);
    },
  );

  it("survive the way into the store and back", () => {
    const state = resizeColumns(toggleColumn(usual, "tags", fixed), { tags: 150.4 });
    expect(readColumns(JSON.stringify(state), known, usual)).toEqual({
      shown: ["mark", "name", "owner", "tags"],
      widths: { tags: 150 },
    });
  });
});

describe("choosing columns", () => {
  it("hides, and shows again at the end", () => {
    const hidden = toggleColumn({ ...usual, shown: ["mark", "name", "owner", "tags"] }, "owner", fixed);
    expect(hidden.shown).toEqual(["mark", "name", "tags"]);
    expect(toggleColumn(hidden, "owner", fixed).shown).toEqual(["mark", "name", "tags", "owner"]);
  });

  it("never hides or passes a fixed one", () => {
    expect(toggleColumn(usual, "name", fixed)).toBe(usual);
    expect(moveColumn(usual, "owner", -1, fixed)).toBe(usual);
    expect(moveColumn(usual, "name", 1, fixed)).toBe(usual);
  });

  it("moves by one place, within the ends", () => {
    const state = { ...usual, shown: ["mark", "name", "owner", "tags"] };
    expect(moveColumn(state, "tags", -1, fixed).shown).toEqual(["mark", "name", "tags", "owner"]);
    expect(moveColumn(state, "tags", 1, fixed)).toBe(state);
    expect(moveColumn(state, "absent", 1, fixed)).toBe(state);
  });

  it("bounds widths", () => {
    expect(resizeColumns(usual, { name: 2, owner: 99_999 }).widths).toEqual({ name: 40, owner: 1200 });
  });
});
