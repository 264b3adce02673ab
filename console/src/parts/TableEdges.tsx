import { type RefObject, useEffect, useState } from "react";

/** Which sides of its frame a table goes on beyond, and the pixels that bars for scrolling take of it. */
interface Beyond {
  left: boolean;
  right: boolean;
  barRight: number;
  barBottom: number;
}

const NOTHING: Beyond = { left: false, right: false, barRight: 0, barBottom: 0 };

/** Pixels of a cell's padding: where no more than that is beyond, nothing is hidden. */
const SLACK = 8;

function beyond(frame: HTMLElement): Beyond {
  const { scrollLeft, scrollWidth, clientWidth, clientHeight, offsetWidth, offsetHeight } = frame;
  return {
    left: scrollLeft > SLACK,
    right: scrollLeft + clientWidth < scrollWidth - SLACK,
    barRight: offsetWidth - clientWidth,
    barBottom: offsetHeight - clientHeight,
  };
}

const same = (one: Beyond, other: Beyond): boolean =>
  (Object.keys(one) as (keyof Beyond)[]).every((key) => one[key] === other[key]);

/**
 * A shade at each side where the table goes on beyond its frame, so that whoever sees no bar for scrolling knows of it.
 *
 * `left`: where the columns that scroll begin, in pixels. It is measured here, so that no row is drawn anew for it.
 */
export function TableEdges({ frame, left }: { frame: RefObject<HTMLElement | null>; left: number }) {
  const [now, setNow] = useState(NOTHING);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const next = beyond(element);
      setNow((before) => (same(before, next) ? before : next));
    };
    const observer = new ResizeObserver(measure);
    for (const each of [element, ...element.children]) observer.observe(each);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [frame]);
  const bottom = now.barBottom;
  return (
    <>
      {now.left && (
        <span className="table-edge table-edge-left" style={{ left, bottom }} aria-hidden="true" />
      )}
      {now.right && (
        <span
          className="table-edge table-edge-right"
          style={{ right: now.barRight, bottom }}
          aria-hidden="true"
        />
      )}
    </>
  );
}
