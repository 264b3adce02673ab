import type { ReactNode } from "react";
import { Ago } from "@/parts/Ago";
import "./FactList.css";
import { useFactTexts } from "./texts";

export interface Fact {
  label: string;
  /** Null where it was never read or, with `at`, where the server did not say. */
  value: ReactNode | null;
  at?: string | null;
  mono?: boolean;
}

/** What `draw` makes of a value; null where it was never read. */
export function have<V>(value: V | null | undefined, draw: (value: V) => ReactNode): ReactNode {
  return value === null || value === undefined ? null : draw(value);
}

/** Facts with their freshness; what was never read, or was not told, says so. */
export function FactList({ title, facts }: { title?: string; facts: readonly Fact[] }) {
  const t = useFactTexts();
  return (
    <section className="facts-part">
      {title && <h3 className="facts-title">{title}</h3>}
      <dl className="facts">
        {facts.map((fact) => (
          <div key={fact.label} className="facts-row">
            <dt className="soft">{fact.label}</dt>
            <dd className={fact.mono && fact.value !== null ? "mono" : undefined}>
              {fact.value ?? <span className="faint">{fact.at ? t("notTold") : t("never")}</span>}
            </dd>
            <dd className="facts-age faint small">
              {fact.value !== null && fact.at && <Ago at={fact.at} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
