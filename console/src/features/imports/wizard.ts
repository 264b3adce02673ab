import { useSyncExternalStore } from "react";
import type { ApiError } from "@/api/errors";
import { NO_WHY, type Why } from "@/api/headers";
import { withKnown } from "./mapping";
import { remembered } from "./remembered";
import type { ColumnFault, Corrections, Import, ImportColumn, Mapping } from "./types";

export type Step = "file" | "columns" | "preview" | "sample";
export const STEPS: readonly Step[] = ["file", "columns", "preview", "sample"];

export interface Options extends Why {
  empty: "keep" | "clear";
  /** Of times that have none, as "+08:00"; empty for none. */
  utcOffset: string;
  partial: boolean;
}

/** An import on its way: it outlives a change of the screen, so that nothing chosen or typed is lost. */
export interface Wizard {
  step: Step;
  file: File | null;
  options: Options;
  columns: readonly ImportColumn[] | null;
  /** Why the columns could not be made out, by the last rehearsal. */
  columnFaults: readonly ColumnFault[];
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
  options: { empty: "keep", utcOffset: "", partial: false, ...NO_WHY },
  columns: null,
  columnFaults: [],
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

/**
 * After a rehearsal: the rows; before them the columns, where these cannot be made out.
 *
 * Columns that we added ourselves to a file of faulty rows are left out, and those of which somebody said before what
 * they mean are that; `again` says to rehearse once more.
 */
export function withAnswer(wizard: Wizard, report: Import): { wizard: Wizard; again: boolean } {
  const columns = report.columns ?? wizard.columns;
  const columnFaults = report.column_faults;
  if (columnFaults.length === 0)
    return {
      wizard: { ...wizard, report, columns, columnFaults, stale: false, step: "preview" },
      again: false,
    };
  const mapping = withKnown(columns ?? [], wizard.mapping, remembered());
  const next: Wizard = { ...wizard, columns, columnFaults, report: null, step: "columns" };
  return mapping === null ? { wizard: next, again: false } : { wizard: { ...next, mapping }, again: true };
}

/** After a refusal: a file that cannot be read asks for another one; where the server could not be reached, all stays. */
export function withRefusal(wizard: Wizard, error: ApiError): Wizard {
  return error.status === 400 ? { ...wizard, report: null, step: "file" } : wizard;
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
