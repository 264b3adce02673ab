type Values = Record<string, unknown>;

/** What a form holds as a body: an emptied field is null, a field that is absent stays absent. */
export function bodyOf<B extends object>(values: Values): B {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, value === "" ? null : value]),
  ) as B;
}

/** Only what differs from `before`: what somebody else changed meanwhile in other fields is left alone. */
export function changedOf<B extends object>(before: object, body: B): Partial<B> {
  const was = before as Values;
  return Object.fromEntries(
    Object.entries(body).filter(([field, value]) => (was[field] ?? null) !== value),
  ) as Partial<B>;
}

export interface Difference {
  field: string;
  theirs: unknown;
  yours: unknown;
}

/** In which fields the thing, as it is now, is not what the form says. */
export function differences(now: object, body: object): Difference[] {
  const current = now as Values;
  return Object.entries(body)
    .filter(([field, value]) => (current[field] ?? null) !== value)
    .map(([field, yours]) => ({ field, theirs: current[field] ?? null, yours: yours as unknown }));
}
