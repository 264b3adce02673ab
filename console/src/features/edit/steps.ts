import type { Check, Step } from "@/api/types";

export const STEPS = [
  "guard",
  "resolve",
  "connect",
  "greeting",
  "tls",
  "login",
  "identify",
  "privileges",
] as const satisfies readonly Step["step"][];

export interface StepLine {
  step: (typeof STEPS)[number];
  state: "ok" | "degraded" | "failed" | "skipped" | "running" | "waiting";
  took_ms: number | null;
  step_of_check: Step | null;
}

/** The ladder as it stands: what is over, the one that runs, and those that wait or were never reached. */
export function stepLines(check: Check | null): StepLine[] {
  const over = new Map((check?.steps ?? []).map((one) => [one.step, one]));
  const running = check?.status === "running" ? STEPS.find((step) => !over.has(step)) : undefined;
  return STEPS.map((step) => {
    const found = over.get(step) ?? null;
    if (found === null) {
      const unreached = check !== null && check.status !== "running";
      const state = step === running ? "running" : unreached ? "skipped" : "waiting";
      return { step, state, took_ms: null, step_of_check: null };
    }
    const state = found.outcome === "ok" && found.cause !== null ? "degraded" : found.outcome;
    const took_ms = found.outcome === "skipped" ? null : found.took_ms;
    return { step, state, took_ms, step_of_check: found };
  });
}
