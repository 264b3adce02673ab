import { type ReactNode, useId } from "react";

/** A part of the sheet: a heading, what belongs beside it, and what it is about. */
export function Section({
  area,
  title,
  extra,
  children,
}: {
  area: "failures" | "attention" | "environments" | "engines" | "changes";
  title: string;
  extra?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`overview-section overview-${area}`} aria-labelledby={id}>
      <header className="overview-section-head">
        <h2 id={id}>{title}</h2>
        {extra && <div className="soft small">{extra}</div>}
      </header>
      {children}
    </section>
  );
}
