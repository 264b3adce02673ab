import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ActionButton } from "@/parts/ActionButton";
import { Empty } from "@/parts/Empty";
import { useBinTexts } from "./texts";

/** An empty bin is not the same as a search without a match. */
export function NothingHere({ isSearch, onClear }: { isSearch: boolean; onClear: () => void }) {
  const t = useBinTexts();
  if (isSearch) {
    return (
      <Empty title={t("noMatch")} hint={t("noMatchHint")}>
        <Button onClick={onClear}>{t("clearSearch")}</Button>
      </Empty>
    );
  }
  return (
    <Empty title={t("emptyTitle")} hint={t("emptyHint")}>
      <Link to="/instances">{t("toInstances")}</Link>
    </Empty>
  );
}

/** What can be done with all that is selected. */
export function BulkBar({
  count,
  isPending,
  onRestore,
  onClear,
}: {
  count: number;
  isPending: boolean;
  onRestore: () => void;
  onClear: () => void;
}) {
  const t = useBinTexts();
  return (
    <div className="bin-bar" role="region" aria-label={t("selected", { count })}>
      <span>{t("selected", { count })}</span>
      <ActionButton needs="update" type="primary" loading={isPending} onClick={onRestore}>
        {t("restoreMany", { count })}
      </ActionButton>
      <Button onClick={onClear}>{t("clear")}</Button>
    </div>
  );
}
