import { describe, expect, test } from "vitest";
import { pieces } from "./bars";

const end = (of: ReturnType<typeof pieces>): number => Math.max(...of.map((one) => one.x + one.width));

describe("pieces of a bar", () => {
  test("fill the part of the width that their sum has of the whole", () => {
    const half = pieces([10, 30, 10], 100);
    expect(half.map((one) => one.width)).toEqual([10, 30, 10]);
    expect(half.map((one) => one.x)).toEqual([0, 10, 40]);
  });

  test("a small count is seen, none has no width, and the sum stays", () => {
    const [big, none, small] = pieces([99_999, 0, 1], 100_000);
    expect(none?.width).toBe(0);
    expect(small?.width).toBeGreaterThan(0.7);
    expect(end(pieces([99_999, 0, 1], 100_000))).toBeCloseTo(100);
    expect(big?.width).toBeLessThan(99.3);
  });

  test("one of very many is seen as well", () => {
    expect(end(pieces([1, 0, 0], 100_000))).toBeCloseTo(0.8);
  });

  test("never leaves the frame, and nothing is nothing", () => {
    expect(end(pieces([60, 70], 100))).toBeCloseTo(100);
    expect(pieces([0, 0], 0)).toEqual([
      { x: 0, width: 0 },
      { x: 0, width: 0 },
    ]);
  });
});
