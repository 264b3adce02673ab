import { useEffect, useRef, useState } from "react";
import type { Search } from "@/app/search";
import { type Aliases, printFilter, readFilter, sameFilter } from "./filter";

/** Milliseconds without a key before the list is asked anew. */
const PAUSE = 150;

/**
 * The text while it is typed. The URL is the truth: it is written after a short pause, and what comes into it from
 * elsewhere (back, a chip, a view) becomes the text, unless the text says the same already.
 */
export function useDraft(
  search: Search,
  aliases: Aliases,
  onQuery: (query: Search, replace: boolean) => void,
): {
  text: string;
  /** `composing`: an input method is not done with the word yet. */
  type: (text: string, composing?: boolean) => void;
  flush: () => void;
  settle: () => void;
} {
  const [text, setText] = useState(() => printFilter(search));
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  /** What this box wrote into the URL last; a run of typing is one step of the history. */
  const written = useRef<Search>(search);
  const typing = useRef(false);
  const latest = useRef({ text, search, aliases, onQuery });
  useEffect(() => {
    latest.current = { text, search, aliases, onQuery };
  });

  const stop = (): void => {
    if (waiting.current !== null) clearTimeout(waiting.current);
    waiting.current = null;
  };
  useEffect(() => stop, []);

  useEffect(() => {
    if (waiting.current !== null || sameFilter(search, written.current)) return;
    written.current = search;
    typing.current = false;
    if (!sameFilter(readFilter(latest.current.text, latest.current.aliases).query, search))
      setText(printFilter(search));
  }, [search]);

  const write = (): void => {
    stop();
    const now = latest.current;
    const { query } = readFilter(now.text, now.aliases);
    if (sameFilter(query, now.search)) return;
    written.current = query;
    now.onQuery(query, typing.current);
    typing.current = true;
  };
  return {
    text,
    type: (next, composing = false) => {
      setText(next);
      latest.current.text = next;
      stop();
      if (composing) return;
      waiting.current = setTimeout(write, PAUSE);
    },
    flush: write,
    settle: () => {
      write();
      typing.current = false;
      const read = readFilter(latest.current.text, latest.current.aliases);
      // Left as it is where something in it is not understood yet: that must stay to be mended.
      if (!read.faulty) setText(printFilter(read.query));
    },
  };
}
