import { Link } from "@tanstack/react-router";
import type { Search } from "@/app/search";
import { count } from "@/parts/format";
import type { LabelApi } from "./labelApi";
import { useLabelTexts } from "./texts";

interface Used {
  usage_count: number;
}

/** How many instances use a label, as the way to their list; the bin counts, so the list shows it too. */
export function UsageLink<T extends Used, B>({
  api,
  label,
  children,
}: {
  api: LabelApi<T, B>;
  label: T;
  children?: string;
}) {
  const t = useLabelTexts();
  if (label.usage_count === 0) return <span className="faint">0</span>;
  const search: Search = { ...api.filter(label), include_deleted: "true" };
  return (
    <Link
      to="/instances"
      search={search}
      title={t("usageHint")}
      aria-label={children ? undefined : t("usageOf", { name: api.nameOf(label), count: label.usage_count })}
    >
      {children ?? count(label.usage_count)}
    </Link>
  );
}
