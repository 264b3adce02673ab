import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Filter } from "./links";
import { ListLink } from "./ListLink";
import type { Shown } from "./queries";
import { useOverviewTexts } from "./texts";

const NAMED = 3;

/** The first instances by name, and how many more there are. */
export function InstanceNames({
  instances,
  total,
  filter,
  detail,
}: {
  instances: readonly Shown[];
  total: number;
  filter: Filter;
  /** What is told of each behind its name. */
  detail?: (one: Shown) => ReactNode;
}) {
  const t = useOverviewTexts();
  const named = instances.slice(0, NAMED);
  return (
    <span className="overview-names">
      {named.map((one) => (
        <span key={one.id} className="nowrap">
          <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }} preload={false}>
            {one.name}
          </Link>
          {detail && <span className="soft"> {detail(one)}</span>}
        </span>
      ))}
      {total > named.length && (
        <ListLink filter={filter} className="nowrap">
          {t("more", { n: total - named.length })}
        </ListLink>
      )}
    </span>
  );
}
