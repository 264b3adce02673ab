import type { KeyboardEvent } from "react";

/** In a choice of several, Tab would take the marked one, or drop it if it is chosen; it is to lead on and change nothing. */
export function leaveByTab(event: KeyboardEvent): void {
  if (event.key === "Tab") event.stopPropagation();
}
