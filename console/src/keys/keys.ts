import { useEffect, useRef, useSyncExternalStore } from "react";
import { useHotkeys } from "react-hotkeys-hook";

/** A shortcut that counts on the screen that is shown. */
export interface Shortcut {
  keys: string;
  label: string;
  run: () => void;
  /** Whether it is one of what can be done here, which the palette offers as well. */
  isAction: boolean;
}

let shown: readonly Shortcut[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Shortcut[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** As long as react-hotkeys-hook waits for the second key of a sequence, in milliseconds. */
const SEQUENCE_MS = 1000;
let pressed = { key: "", at: 0 };
let before = pressed;
window.addEventListener(
  "keydown",
  (event) => {
    before = pressed;
    pressed = { key: event.key, at: event.timeStamp };
  },
  true,
);

/** Whether a key is the second one of a sequence that counts here: then it means nothing by itself. */
function endsSequence(key: string): boolean {
  return pressed.at - before.at < SEQUENCE_MS && shown.some((one) => one.keys === `${before.key}>${key}`);
}

/** All shortcuts that count at this moment, for the sheet behind `?` and the palette. */
export const useShortcuts = (): readonly Shortcut[] => useSyncExternalStore(subscribe, () => shown);

const ANSWERS_ENTER =
  'a, button, input, select, textarea, summary, [role="menuitem"], [role="tab"], [role="option"], [role="switch"]';

/** Whether Enter belongs to what has the focus, and not to the screen. */
function isTaken(event: KeyboardEvent): boolean {
  return (
    event.key === "Enter" && event.target instanceof Element && event.target.closest(ANSWERS_ENTER) !== null
  );
}

/**
 * Let `keys` call `run` while the component is shown: "j", "mod+k", "g>i" (one after the other).
 *
 * "enter" leaves links, buttons and fields their own Enter.
 *
 * Typing in a field is never a shortcut, except with `inFields`. Nothing happens while a dialog is open, except with
 * `inDialogs`. With `isAction` the palette offers it too.
 */
export function useKey(
  keys: string,
  label: string,
  run: () => void,
  {
    enabled = true,
    inFields = false,
    inDialogs = false,
    isAction = false,
  }: { enabled?: boolean; inFields?: boolean; inDialogs?: boolean; isAction?: boolean } = {},
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useHotkeys(
    keys,
    (event) => {
      if (keys.length === 1 && endsSequence(keys)) return;
      if (!inDialogs && document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      if (isTaken(event)) return;
      event.preventDefault();
      latest.current();
    },
    { enabled, enableOnFormTags: inFields, useKey: keys.length === 1 },
    [inDialogs],
  );
  useEffect(() => {
    if (!enabled) return;
    const mine: Shortcut = { keys, label, run: () => latest.current(), isAction };
    publish([...shown, mine]);
    return () => publish(shown.filter((one) => one !== mine));
  }, [keys, label, enabled, isAction]);
}
