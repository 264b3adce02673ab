import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import "./Banner.css";

/** A state of what is shown below that nobody may overlook: what it means, and the ways out of it. */
export function Banner({
  sign: Sign,
  title,
  actions,
  children,
}: {
  sign: LucideIcon;
  title: string;
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="banner" aria-label={title}>
      <Sign size={18} aria-hidden="true" className="banner-sign" />
      <div className="banner-words">
        <strong>{title}</strong>
        {children}
      </div>
      <div className="line-up">{actions}</div>
    </section>
  );
}
