/** Whether the session has ended under an open page; then a dialog asks to log in again and nothing typed is lost. */
let ended = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

export const endSession = (): void => set(true);
export const resumeSession = (): void => set(false);
export const isSessionEnded = (): boolean => ended;

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
