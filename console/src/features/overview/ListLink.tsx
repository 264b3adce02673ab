import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Filter, searchOf } from "./links";

/** A link to the list with exactly the instances that were counted. */
export function ListLink({
  filter,
  label,
  className,
  children,
}: {
  filter: Filter;
  /** For who hears a number alone: what it counts. */
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link
      to="/instances"
      search={searchOf(filter)}
      preload={false}
      aria-label={label}
      title={label}
      className={className}
    >
      {children}
    </Link>
  );
}
