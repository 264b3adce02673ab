import type { Check } from "@/api/types";

/** A part of a check, and the check that read it last. */
export interface Read<T> {
  value: T;
  /** When its check began. */
  at: string;
}

export interface LastRead {
  server: Read<NonNullable<Check["server"]>> | null;
  /** `value` null: the last login was not encrypted. */
  tls: Read<Check["tls"]> | null;
  address: Read<string> | null;
  privileges: Read<NonNullable<Check["privileges"]>> | null;
}

function latest<T>(checks: readonly Check[], part: (check: Check) => T | undefined): Read<T> | null {
  for (const check of checks) {
    const value = part(check);
    if (value !== undefined) return { value, at: check.started_at };
  }
  return null;
}

/** The newest that each part was read at; a check that failed early tells less and takes nothing away. */
export function lastRead(newestFirst: readonly Check[]): LastRead {
  return {
    server: latest(newestFirst, (one) => one.server ?? undefined),
    tls: latest(newestFirst, (one) => {
      if (one.tls !== null) return one.tls;
      return one.server !== null && one.steps.some((step) => step.cause === "tls.plaintext")
        ? null
        : undefined;
    }),
    address: latest(newestFirst, (one) => one.address ?? undefined),
    privileges: latest(newestFirst, (one) =>
      one.privileges !== null && one.privileges.length > 0 ? one.privileges : undefined,
    ),
  };
}

/** Whether a check logged in, whatever it could read then. */
export const hasLoggedIn = ({ steps }: Pick<Check, "steps">): boolean =>
  steps.some(({ step, outcome }) => step === "login" && outcome === "ok");
