import type { RefObject } from "react";
import type { Filter, Token } from "./filter";

interface Piece {
  at: number;
  text: string;
  token: Token | null;
}

function piecesOf(text: string, tokens: readonly Token[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const token of tokens) {
    if (token.start > at) pieces.push({ at, text: text.slice(at, token.start), token: null });
    pieces.push({ at: token.start, text: text.slice(token.start, token.end), token });
    at = token.end;
  }
  return [...pieces, { at, text: text.slice(at), token: null }];
}

/** Lies under the letters of the field and marks what each word is; what is being typed is not marked as wrong yet. */
export function Underlay({
  text,
  filter,
  caret,
  frame,
}: {
  text: string;
  filter: Filter;
  caret: number;
  frame: RefObject<HTMLDivElement | null>;
}) {
  return (
    <div className="filter-underlay" aria-hidden="true" ref={frame}>
      {piecesOf(text, filter.tokens).map(({ at, text: piece, token }) => {
        const typing = token !== null && token.start < caret && caret <= token.end;
        const wrong = token !== null && token.fault !== null && !typing;
        const known = token !== null && token.key !== "search";
        const kind = wrong ? "filter-wrong" : known ? "filter-known" : undefined;
        return (
          <span key={at} className={kind}>
            {piece}
          </span>
        );
      })}
    </div>
  );
}
