import { acrossEnvironments, type Filter } from "./links";
import type { Overview } from "./queries";

/** The order in which outcomes stand everywhere on the screen: from good to bad, then what nobody knows. */
export const OUTCOMES = ["ok", "degraded", "reachable", "failed", "never_checked"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A number and the instances behind it. */
export interface Figure {
  count: number;
  filter: Filter;
}

export interface OutcomeFigure extends Figure {
  outcome: Outcome;
}

export interface EnvironmentRow extends Figure {
  /** null: in no environment. */
  key: string | null;
  name: string | null;
  isProduction: boolean;
  outcomes: readonly OutcomeFigure[];
}

/** The outcomes in their order, whatever order the answer has. */
export function outcomesOf(overview: Overview): OutcomeFigure[] {
  return OUTCOMES.flatMap((outcome) => {
    const found = overview.outcomes.find((one) => one.value === outcome);
    return found ? [{ outcome, count: found.count, filter: found.filter }] : [];
  });
}

/** Environments with their outcomes: production first, else in the order that they were given. */
export function environmentRows(overview: Overview): EnvironmentRow[] {
  const rows = overview.environments.map((one) => ({
    key: one.key,
    name: one.name,
    isProduction: one.is_production,
    count: one.count,
    filter: one.filter,
    outcomes: OUTCOMES.flatMap((outcome) => {
      const cell = overview.matrix.find((each) => each.environment === one.key && each.outcome === outcome);
      return cell ? [{ outcome, count: cell.count, filter: cell.filter }] : [];
    }),
  }));
  return [...rows.filter((row) => row.isProduction), ...rows.filter((row) => !row.isProduction)];
}

/** What failed in production, over all environments that are production; null where there is none. */
export function failedInProduction(rows: readonly EnvironmentRow[]): Figure | null {
  const cells = rows
    .filter((row) => row.isProduction)
    .flatMap((row) => row.outcomes.filter((one) => one.outcome === "failed" && one.count > 0));
  if (cells.length === 0) return null;
  return {
    count: cells.reduce((sum, cell) => sum + cell.count, 0),
    filter: acrossEnvironments(cells.map((cell) => cell.filter)),
  };
}
