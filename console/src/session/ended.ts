/**
 * Whether the session has ended under an open page; then a dialog asks to log in again and nothing typed is lost.
 *
 * All tabs share one session, so a login or a logout in one of them counts in the others at once.
 */
type Word = "ended" | "resumed";

const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("muster.session");
const listeners = new Set<() => void>();
let ended = false;

function set(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

tabs?.addEventListener("message", ({ data }) => {
  if (data === "ended" || data === "resumed") set(data === "ended");
});

const tell = (word: Word): void => tabs?.postMessage(word);

/** The server said so to this tab; another may have a newer session by now, and finds out by itself. */
export const endSession = (): void => set(true);

/** Somebody logged out here: this tab leads to the login, and the others must show nothing any more. */
export const endOtherTabs = (): void => tell("ended");

export function resumeSession(): void {
  set(false);
  tell("resumed");
}

export const isSessionEnded = (): boolean => ended;

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
