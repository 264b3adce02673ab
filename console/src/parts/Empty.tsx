import type { ReactNode } from "react";
import "./Empty.css";

/** Nothing is here: says why, and names the next step. */
export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {hint && <p className="soft">{hint}</p>}
      {children && <div className="line-up">{children}</div>}
    </div>
  );
}
