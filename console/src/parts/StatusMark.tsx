import "./StatusMark.css";
import { usePartTexts } from "./texts";

export type State = "ok" | "degraded" | "reachable" | "failed" | "running" | "skipped" | "never";

/** An outcome of the API as a state; null is "never checked". */
export function stateOf(outcome: string | null | undefined): State {
  return outcome === "ok" || outcome === "degraded" || outcome === "reachable" || outcome === "failed"
    ? outcome
    : "never";
}

function Shape({ state }: { state: State }) {
  switch (state) {
    case "ok":
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case "degraded":
      return <path d="M6 1.2 11.4 10.8H.6z" fill="currentColor" />;
    case "reachable":
      return (
        <>
          <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M6 1.8a4.2 4.2 0 0 0 0 8.4z" fill="currentColor" />
        </>
      );
    case "failed":
      return <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />;
    case "running":
      return (
        <path
          className="status-turning"
          d="M6 1.8A4.2 4.2 0 1 1 1.8 6"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
        />
      );
    case "skipped":
      return <path d="M2 6h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />;
    case "never":
      return (
        <circle
          cx="6"
          cy="6"
          r="4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeDasharray="2 1.4"
        />
      );
  }
}

/** A state as colour, shape and word; `bare` hides the word from the eye alone. */
export function StatusMark({ state, label, bare = false }: { state: State; label?: string; bare?: boolean }) {
  const t = usePartTexts();
  const word = label ?? t(state);
  return (
    <span className={`status status-${state}`} title={bare ? word : undefined}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <Shape state={state} />
      </svg>
      <span className={bare ? "visually-hidden" : undefined}>{word}</span>
    </span>
  );
}
