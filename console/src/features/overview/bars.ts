/** A piece of a bar, in hundredths of the whole width. */
export interface Piece {
  x: number;
  width: number;
}

/** What is there at all stays seen: the narrowest piece, in hundredths. */
const NARROWEST = 0.8;

/**
 * Pieces for counts, one after the other; `whole` is the count that fills the width.
 *
 * A piece of a small count is widened to be seen, at the cost of the wide ones, so that the sum stays what it is.
 */
export function pieces(counts: readonly number[], whole: number): Piece[] {
  const total = counts.reduce((sum, each) => sum + each, 0);
  if (total <= 0 || whole <= 0) return counts.map(() => ({ x: 0, width: 0 }));
  const width = Math.min(100, Math.max(NARROWEST, (total / whole) * 100));
  const shares = counts.map((each) => (each / total) * width);
  const wanted = shares.map((share) => (share > 0 ? Math.max(share, NARROWEST) : 0));
  const scale = width / wanted.reduce((sum, each) => sum + each, 0);
  let x = 0;
  return wanted.map((each) => {
    const piece = { x, width: each * scale };
    x += piece.width;
    return piece;
  });
}
