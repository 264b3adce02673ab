import { lazy, Suspense } from "react";
import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { useWord } from "@/words/values";
import { ListLink } from "../ListLink";
import type { Overview } from "../queries";
import { Section } from "../Section";
import { useOverviewTexts } from "../texts";
import "./Engines.css";

const EngineBars = lazy(async () => ({ default: (await import("./EngineBars")).EngineBars }));

const percentOf = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.round((part / whole) * 100)} %`;

/** Engines by count: a table, and beside its rows the same as a chart. */
export function Engines({ overview }: { overview: Overview }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const word = useWord();
  const engines = overview.db_types.map((one) => ({
    name: word(one.value),
    count: one.count,
    filter: one.filter,
    percent: percentOf(one.count, overview.total),
  }));
  return (
    <Section area="engines" title={t("engines")}>
      <div className="engines">
        <table className="engines-table">
          <caption className="visually-hidden">{t("engines")}</caption>
          <thead className="visually-hidden">
            <tr>
              <th scope="col">{t("engines")}</th>
              <th scope="col">{t("count")}</th>
              <th scope="col">{t("percent")}</th>
            </tr>
          </thead>
          <tbody>
            {engines.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <ListLink filter={one.filter}>{one.name}</ListLink>
                </th>
                <td className="number">{count(one.count, shown)}</td>
                <td className="number soft">{one.percent}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="engines-chart" style={{ height: `calc(var(--row) * ${engines.length})` }}>
          <Suspense fallback={null}>
            <EngineBars engines={engines} />
          </Suspense>
        </div>
      </div>
    </Section>
  );
}
