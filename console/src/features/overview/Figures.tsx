import type { ReactNode } from "react";
import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { StatusMark, type State } from "@/parts/StatusMark";
import { environmentRows, failedInProduction, type Outcome, outcomesOf } from "./figures";
import "./Figures.css";
import type { Filter } from "./links";
import { ListLink } from "./ListLink";
import type { Overview } from "./queries";
import { StackedBar } from "./StackedBar";
import { useOverviewTexts } from "./texts";

/** An outcome as the mark that stands for it. */
export const markOf = (outcome: Outcome): State => (outcome === "never_checked" ? "never" : outcome);

function BigFigure({
  value,
  filter,
  kind,
  children,
}: {
  value: number;
  filter: Filter;
  kind: string;
  children: ReactNode;
}) {
  const shown = useLanguage();
  return (
    <li className={`figure figure-${kind}${value === 0 ? " figure-zero" : ""}`}>
      <ListLink filter={filter} className="figure-link">
        <span className="figure-number">{count(value, shown)}</span>
        <span className="figure-word">{children}</span>
      </ListLink>
    </li>
  );
}

/** The register in six numbers, each of which leads to its instances, and as one bar. */
export function Figures({ overview }: { overview: Overview }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const outcomes = outcomesOf(overview);
  const production = failedInProduction(environmentRows(overview));
  return (
    <section className="figures" aria-label={t("figures")}>
      <ul className="figures-line">
        <BigFigure value={overview.total} filter={overview.filter} kind="total">
          {t("total")}
        </BigFigure>
        {outcomes.map((one) => (
          <BigFigure key={one.outcome} value={one.count} filter={one.filter} kind={one.outcome}>
            <StatusMark state={markOf(one.outcome)} label={t(one.outcome)} />
          </BigFigure>
        ))}
        {production && (
          <li className="figure-production">
            <ListLink filter={production.filter} className="figures-production">
              <StatusMark state="failed" label={t("inProduction", { n: count(production.count, shown) })} />
            </ListLink>
          </li>
        )}
      </ul>
      <StackedBar outcomes={outcomes} whole={overview.total} />
    </section>
  );
}
