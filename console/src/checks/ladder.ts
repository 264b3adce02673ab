import type { Check, Step } from "@/api/types";
import type { State } from "@/parts/StatusMark";
import { DASH } from "@/parts/format";

type StepName = Step["step"];
export type Cause = NonNullable<Check["cause"]>;
type RungState = "waiting" | "running" | "ok" | "warned" | "failed" | "skipped";

/** One step as the ladder shows it; `tookMs` is null where it was not taken. */
export interface Rung {
  step: StepName;
  state: RungState;
  tookMs: number | null;
  cause: Cause | null;
  detail: Record<string, unknown>;
  /** Whether it opens itself: it gave the check its cause. */
  opens: boolean;
}

const STEPS: readonly StepName[] = [
  "guard",
  "resolve",
  "connect",
  "greeting",
  "tls",
  "login",
  "identify",
  "privileges",
];

/** The shape and colour that stand for a step. */
export const MARKS: Record<RungState, State> = {
  waiting: "never",
  running: "running",
  ok: "ok",
  warned: "degraded",
  failed: "failed",
  skipped: "skipped",
};

function stateOfStep(step: Step): RungState {
  if (step.outcome === "ok") return step.cause === null ? "ok" : "warned";
  return step.outcome;
}

/** The step that gave the check its cause. */
function blamedOf(check: Check | null): Step | undefined {
  if (check === null || check.cause === null) return undefined;
  const causing = check.steps.filter((one) => one.cause === check.cause);
  return causing.find((one) => one.outcome === "failed") ?? causing[0];
}

/**
 * All eight steps of a check in their order.
 *
 * A running check tells only what is over: the step after the last one told is under way, the others wait. Without a
 * check all wait. A step that a finished check does not tell was not taken.
 */
export function rungsOf(check: Check | null): Rung[] {
  const told = new Map((check?.steps ?? []).map((step) => [step.step, step]));
  const running = check?.status === "running";
  const next = running ? STEPS.find((name) => !told.has(name)) : undefined;
  const blamed = blamedOf(check);
  return STEPS.map((name) => {
    const step = told.get(name);
    if (!step) {
      const state = name === next ? "running" : check === null || running ? "waiting" : "skipped";
      return { step: name, state, tookMs: null, cause: null, detail: {}, opens: false };
    }
    const state = stateOfStep(step);
    return {
      step: name,
      state,
      tookMs: state === "skipped" ? null : step.took_ms,
      cause: step.cause,
      detail: step.detail,
      // While it runs there is no cause of the whole yet: what failed opens at once.
      opens: step === blamed || (running && state === "failed"),
    };
  });
}

type Speaker = "system" | "tls" | "server";

export interface ServerWords {
  speaker: Speaker;
  code: string | null;
  text: string | null;
}

/**
 * The words that came with a step, and whose they are; null where there are none.
 *
 * Before the greeting nobody but our own system has spoken, and in a handshake our own TLS speaks.
 */
export function wordsOf(rung: Pick<Rung, "step" | "detail">): ServerWords | null {
  const code = textOf(rung.detail["server_code"]);
  const text = textOf(rung.detail["server_text"]);
  if (code === null && text === null) return null;
  const speaker: Speaker =
    rung.step === "guard" || rung.step === "resolve" || rung.step === "connect"
      ? "system"
      : rung.step === "tls"
        ? "tls"
        : "server";
  return { speaker, code, text };
}

/** The statements that give what is missing, each once. */
export function grantsOf(check: Check): string | null {
  const grants = new Set<string>();
  for (const one of check.privileges ?? []) if (one.grant) grants.add(one.grant);
  if (grants.size > 0) return [...grants].join("\n");
  const ofStep = check.steps.map((one) => one.detail["grant"]).find((one) => typeof one === "string");
  return typeof ofStep === "string" && ofStep !== "" ? ofStep : null;
}

/** The remedy without the statements, which stand below it in a block of their own. */
export function remedyOf(check: Check): string | null {
  const grant = grantsOf(check);
  return grant === null || check.remedy === null ? check.remedy : check.remedy.replace(grant, "…");
}

/** Our address as the server saw it; null while no server has told it. */
export function ourAddressOf(check: Check): string | null {
  if (check.server?.our_address) return check.server.our_address;
  for (const step of check.steps) {
    const told = textOf(step.detail["our_address"]);
    if (told !== null) return told;
  }
  return null;
}

/** A value of a detail in one line: lists by commas, objects by `name=value`. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return DASH;
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, one]) => `${name}=${plain(one)}`)
      .join(", ");
  }
  return String(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
