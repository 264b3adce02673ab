import { useSyncExternalStore } from "react";
import { useLanguage } from "@/i18n/texts";
import { ago, exactTime, notBefore } from "./format";
import { Nothing } from "./Nothing";

const STEP_MS = 20_000;

// One clock for all times of a page: a hundred rows must not keep a hundred timers.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Never older than a step, though nobody listened for long, or the browser held the timer of a hidden page back. */
function read(): number {
  const actual = Date.now();
  if (Math.abs(actual - now) >= STEP_MS) now = actual;
  return now;
}

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const each of listeners) each();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    timer = setInterval(tick, STEP_MS);
    document.addEventListener("visibilitychange", tick);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** Now, to the step of the one clock; in milliseconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, read);

/** The moment as "2 min ago", with the exact time on hover and in `datetime`. */
export function Ago({ at, empty }: { at: string | null | undefined; empty?: string }) {
  const shown = useLanguage();
  const clock = useNow();
  if (!at) return empty === undefined ? <Nothing /> : <span className="faint">{empty}</span>;
  return (
    <time dateTime={at} title={exactTime(at, shown)} className="nowrap">
      {ago(at, notBefore(at, clock), shown)}
    </time>
  );
}
