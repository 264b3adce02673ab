import { useSyncExternalStore } from "react";
import { useLanguage } from "@/i18n/texts";
import { ago, exactTime } from "./format";

// One clock for all times of a page: a hundred rows must not keep a hundred timers.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 20_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The clock stands still for seconds at a time: what happened since then is "now", not "in 9 seconds". */
function justNow(at: string, clock: number): number {
  const ahead = Date.parse(at) - clock;
  return ahead > 0 && ahead < 30_000 ? clock + ahead : clock;
}

/** Now, to the step of the one clock; in milliseconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** The moment as "2 min ago", with the exact time on hover and in `datetime`. */
export function Ago({ at, empty = "—" }: { at: string | null | undefined; empty?: string }) {
  const shown = useLanguage();
  const clock = useNow();
  if (!at) return <span className="faint">{empty}</span>;
  return (
    <time dateTime={at} title={exactTime(at, shown)} className="nowrap">
      {ago(at, justNow(at, clock), shown)}
    </time>
  );
}
