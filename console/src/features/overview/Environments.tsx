import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import { environmentName } from "@/words/environments";
import "./Environments.css";
import { type EnvironmentRow, environmentRows, OUTCOMES } from "./figures";
import { markOf } from "./Figures";
import { ListLink } from "./ListLink";
import type { Overview } from "./queries";
import { Section } from "./Section";
import { StackedBar } from "./StackedBar";
import { useOverviewTexts } from "./texts";

function Row({ row, whole }: { row: EnvironmentRow; whole: number }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const name =
    row.key === null ? t("noEnvironment") : environmentName({ key: row.key, name: row.name }, shown);
  return (
    <tr className={row.isProduction ? "environments-production" : undefined}>
      <th scope="row">
        <span className="environments-name">
          <span className="cut">{name}</span>
          {/* An environment that is called so need not say so twice. */}
          {row.isProduction && name.toLowerCase() !== t("production") && (
            <span className="environments-tag">{t("production")}</span>
          )}
        </span>
      </th>
      <td className="number">
        <ListLink filter={row.filter} label={t("openCount", { n: row.count, what: name })}>
          {count(row.count, shown)}
        </ListLink>
      </td>
      {row.outcomes.map((one) => (
        <td key={one.outcome} className={`number environments-${one.outcome}`}>
          {one.count === 0 ? (
            <span className="faint">0</span>
          ) : (
            <ListLink
              filter={one.filter}
              label={t("openCount", { n: one.count, what: `${name} · ${t(one.outcome)}` })}
            >
              {count(one.count, shown)}
            </ListLink>
          )}
        </td>
      ))}
      <td className="environments-bar">
        <StackedBar outcomes={row.outcomes} whole={whole} />
      </td>
    </tr>
  );
}

/** Each environment with its outcomes, production first; the bars share one scale. */
export function Environments({ overview }: { overview: Overview }) {
  const t = useOverviewTexts();
  const rows = environmentRows(overview);
  const whole = Math.max(...rows.map((row) => row.count), 1);
  return (
    <Section area="environments" title={t("environments")}>
      <div className="environments-frame">
        <table className="environments-table">
          <thead>
            <tr>
              <th scope="col">{t("environment")}</th>
              <th scope="col" className="number">
                {t("count")}
              </th>
              {OUTCOMES.map((outcome) => (
                <th scope="col" key={outcome} className="number">
                  <StatusMark state={markOf(outcome)} label={t(outcome)} />
                </th>
              ))}
              <th scope="col" className="environments-bar">
                {t("share")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key ?? ""} row={row} whole={whole} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
