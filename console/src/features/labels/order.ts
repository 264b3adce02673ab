/** What has a place in an order. */
export interface Placed {
  id: number;
  position: number;
}

/**
 * The positions to write when the one at `from` goes to `to`: as few as can be.
 *
 * The numbers that are in use are kept where they are distinct; where two are the same, all are counted anew by tens.
 */
export function reorder<T extends Placed>(items: readonly T[], from: number, to: number): [T, number][] {
  const moved = items[from];
  if (moved === undefined || to < 0 || to >= items.length || from === to) return [];
  const order = items.filter((one) => one !== moved);
  order.splice(to, 0, moved);
  const used = [...new Set(items.map((one) => one.position))].sort((a, b) => a - b);
  const places = used.length === items.length ? used : items.map((_, index) => (index + 1) * 10);
  return order.flatMap((one, index) => {
    const place = places[index] ?? one.position;
    return place === one.position ? [] : [[one, place] as [T, number]];
  });
}
