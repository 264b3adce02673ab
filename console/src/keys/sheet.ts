const listeners = new Set<() => void>();

/** Show the sheet of shortcuts, for who does not come by the key. */
export function showSheet(): void {
  for (const listener of listeners) listener();
}

export function onShowSheet(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
