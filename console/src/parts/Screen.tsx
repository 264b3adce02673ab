import { type ReactNode, useEffect } from "react";
import "./Screen.css";

interface ScreenProps {
  title: string;
  /** What stands before the title: a mark, a link one level up. */
  before?: ReactNode;
  /** A line under the title. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its name as the one `h1` and in the window's title, its actions, its blocks. */
export function Screen({ title, before, lead, actions, children }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Muster`;
  }, [title]);
  return (
    <div className="screen">
      <header className="screen-head">
        <div className="screen-names">
          {before}
          <h1 className="screen-title">{title}</h1>
          {lead && <div className="screen-lead soft">{lead}</div>}
        </div>
        {actions && <div className="line-up">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A block of a screen with a heading of its own. */
export function Block({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <section className="block">
      <header className="block-head">
        <h2>{title}</h2>
        {extra && <div className="line-up">{extra}</div>}
      </header>
      <div className="block-body">{children}</div>
    </section>
  );
}
