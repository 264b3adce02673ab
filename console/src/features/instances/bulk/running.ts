import { useSyncExternalStore } from "react";

/** The instances whose check was started here and still runs. */
const running = new Set<number>();
const listeners = new Set<() => void>();

export function setRunning(id: number, on: boolean): void {
  if (on) running.add(id);
  else running.delete(id);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRunning = (id: number): boolean => useSyncExternalStore(subscribe, () => running.has(id));
