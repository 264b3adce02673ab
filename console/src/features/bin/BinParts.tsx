import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ActionButton } from "@/parts/ActionButton";
import { Bar } from "@/parts/Bar";
import { Empty } from "@/parts/Empty";
import { useCan, useMe } from "@/session/me";
import { useBinTexts } from "./texts";

/** Who may purge, for those who may not. */
export function PurgeWho() {
  const t = useBinTexts();
  const can = useCan();
  const me = useMe();
  if (me === null || can("purge")) return null;
  return <span className="faint small">{t("purgeWho")}</span>;
}

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
  onPurge,
  onClear,
}: {
  count: number;
  isPending: boolean;
  onRestore: () => void;
  onPurge: () => void;
  onClear: () => void;
}) {
  const t = useBinTexts();
  return (
    <Bar label={t("selected", { count })} over>
      <strong role="status">{t("selected", { count })}</strong>
      <div className="line-up">
        <ActionButton needs="update" type="primary" loading={isPending} onClick={onRestore}>
          {t("restoreMany", { count })}
        </ActionButton>
        <ActionButton needs="purge" danger disabled={isPending} onClick={onPurge}>
          {t("purgeMany", { count })}
        </ActionButton>
        <Button onClick={onClear}>{t("clear")}</Button>
      </div>
    </Bar>
  );
}
