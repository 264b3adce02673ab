import type { ReactNode } from "react";
import "./Bar.css";

/** A line of what is going on and what can be done about it; `over` a list it rises and stays in sight. */
export function Bar({
  label,
  busy,
  over = false,
  children,
}: {
  label: string;
  busy?: boolean;
  over?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={over ? "bar bar-over" : "bar"} aria-label={label} aria-busy={busy}>
      {children}
    </section>
  );
}
