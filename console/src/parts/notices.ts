/** A piece of a sentence: plain, or the name of an instance. */
export interface Piece {
  text: string;
  id: number | null;
}

/**
 * The sentence of a notice with the names in it told apart, so that each is named once and can be a link. `rest` holds
 * the instances that the sentence does not name.
 */
export function piecesOf<T extends { id: number; name: string }>(
  message: string,
  instances: readonly T[],
): { pieces: Piece[]; rest: T[] } {
  const pieces: Piece[] = [];
  const rest: T[] = [];
  let from = 0;
  for (const one of instances) {
    const at = message.indexOf(one.name, from);
    if (at === -1) {
      rest.push(one);
      continue;
    }
    if (at > from) pieces.push({ text: message.slice(from, at), id: null });
    pieces.push({ text: one.name, id: one.id });
    from = at + one.name.length;
  }
  if (from < message.length) pieces.push({ text: message.slice(from), id: null });
  return { pieces, rest };
}
