/** A moment as a field of the kind `datetime-local` holds it: local time, to the minute. */
export function toLocal(moment: string | Date): string {
  const time = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The moment that such a field names; null while it is not filled in. */
export function fromLocal(text: string): Date | null {
  const time = new Date(text);
  return text === "" || Number.isNaN(time.getTime()) ? null : time;
}
