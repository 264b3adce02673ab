import { pieces } from "./bars";
import type { OutcomeFigure } from "./figures";
import "./StackedBar.css";

/** Outcomes as one bar, as long as their sum has of `whole`; the numbers stand beside it, so it is for the eye alone. */
export function StackedBar({ outcomes, whole }: { outcomes: readonly OutcomeFigure[]; whole: number }) {
  const parts = pieces(
    outcomes.map((one) => one.count),
    whole,
  );
  return (
    <svg className="stacked-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      {outcomes.map((one, index) => {
        const part = parts[index];
        return part && part.width > 0 ? (
          <rect
            key={one.outcome}
            className={`stacked-bar-${one.outcome}`}
            x={part.x}
            y={0}
            width={part.width}
            height={8}
          />
        ) : null;
      })}
    </svg>
  );
}
