import { Link } from "@tanstack/react-router";
import { instanceFilters } from "@/api/rules.gen";
import { count } from "@/parts/format";
import { useBulkTexts } from "./texts";

/** As many as the filter of the API takes. */
const MOST = instanceFilters.id.maxItems;

/** To those that failed in a run of checks, and to no others. */
export function FailedLink({ ids }: { ids: readonly number[] }) {
  const t = useBulkTexts();
  if (ids.length === 0) return null;
  return (
    <Link to="/instances" search={{ id: ids.slice(0, MOST).map(String) }} preload={false}>
      {ids.length > MOST ? t("showFirstFailed", { most: count(MOST) }) : t("showFailed")}
    </Link>
  );
}
