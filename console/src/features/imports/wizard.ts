import { useSyncExternalStore } from "react";
import type { ApiError } from "@/api/errors";
import { withKnown } from "./mapping";
import { remembered } from "./remembered";
import type { Corrections, Import, ImportColumn, Mapping } from "./types";

export type Step = "file" | "columns" | "preview" | "sample";
export const STEPS: readonly Step[] = ["file", "columns", "preview", "sample"];

export interface Options {
  empty: "keep" | "clear";
  /** Of times that have none, as "+08:00"; empty for none. */
  utcOffset: string;
  partial: boolean;
  reason: string;
  ticket: string;
}

/** An import on its way: it outlives a change of the screen, so that nothing chosen or typed is lost. */
export interface Wizard {
  step: Step;
  file: File | null;
  options: Options;
  columns: readonly ImportColumn[] | null;
  mapping: Mapping;
  corrections: Corrections;
  /** What the last rehearsal, or a refused import, said of the rows. */
  report: Import | null;
  /** Whether something was chosen since, so that the report may no longer hold. */
  stale: boolean;
  /** What the last import wrote, with the cells of its wrong rows, which the record does not keep. */
  made: Import | null;
}

export const START: Wizard = {
  step: "file",
  file: null,
  options: { empty: "keep", utcOffset: "", partial: false, reason: "", ticket: "" },
  columns: null,
  mapping: {},
  corrections: {},
  report: null,
  stale: false,
  made: null,
};

/** Another file: what was said of the columns and the rows of the one before does not count. */
export function withFile(wizard: Wizard, file: File | null): Wizard {
  return { ...START, options: { ...wizard.options, partial: false }, file, made: wizard.made };
}

/** After a rehearsal: where a column is unknown the columns come next, else the rows. */
export function withReport(wizard: Wizard, report: Import): Wizard {
  return { ...wizard, report, columns: report.columns ?? wizard.columns, stale: false, step: "preview" };
}

/** The columns that a refusal tells of; null where it is of another kind. */
export function refusedColumns(error: ApiError): ImportColumn[] | null {
  const columns = error.extra["columns"];
  return Array.isArray(columns) ? (columns as ImportColumn[]) : null;
}

/**
 * After a refusal: unknown columns are asked for, and a file that cannot be read asks for another one.
 *
 * Columns that we added ourselves to a file of faulty rows are left out, and those of which somebody said before what
 * they mean are that; `again` says to rehearse once more.
 */
export function withRefusal(wizard: Wizard, error: ApiError): { wizard: Wizard; again: boolean } {
  const columns = refusedColumns(error);
  // Where the server could not be reached, or the session ended, all stays as it is.
  if (columns === null && error.status !== 400) return { wizard, again: false };
  if (columns === null) return { wizard: { ...wizard, report: null, step: "file" }, again: false };
  const mapping = withKnown(columns, wizard.mapping, remembered());
  const next: Wizard = { ...wizard, columns, report: null, step: "columns" };
  return mapping === null ? { wizard: next, again: false } : { wizard: { ...next, mapping }, again: true };
}

/** The rows that a refused import tells of. */
export function refusedRows(error: ApiError): Import | null {
  const found = error.extra["import"];
  return typeof found === "object" && found !== null ? (found as Import) : null;
}

/** Whether a step can be gone to. */
export function isReachable(wizard: Wizard, step: Step): boolean {
  if (step === "file") return true;
  if (step === "columns") return wizard.columns !== null;
  return wizard.report !== null && !wizard.stale;
}

let current: Wizard = START;
const listeners = new Set<() => void>();

export function setWizard(change: (before: Wizard) => Wizard): void {
  current = change(current);
  for (const listener of listeners) listener();
}

export const wizardNow = (): Wizard => current;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useWizard = (): Wizard => useSyncExternalStore(subscribe, wizardNow);
