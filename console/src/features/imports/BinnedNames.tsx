import { useMutation } from "@tanstack/react-query";
import { ActionButton } from "@/parts/ActionButton";
import { operationsOf, runBatch } from "@/features/instances-actions/batch";
import { Refused } from "@/features/instances-actions/Refused";
import { useRefresh } from "@/features/instances-actions/useInstanceWrites";
import { binnedIds } from "./mistakes";
import { useImportTexts } from "./texts";
import type { ImportRow } from "./types";

/** Rows whose names belong to instances in the recycle bin: those are restored together, and the rows update them. */
export function BinnedNames({
  rows,
  busy,
  onRestored,
}: {
  rows: readonly ImportRow[];
  busy: boolean;
  onRestored: () => void;
}) {
  const t = useImportTexts();
  const refresh = useRefresh();
  const restore = useMutation({
    mutationFn: (ids: readonly number[]) => runBatch(operationsOf("restore", ids)),
    onSuccess: (_, ids) => {
      void refresh(...ids);
      onRestored();
    },
  });
  const ids = binnedIds(rows);
  return (
    <>
      <Refused end={restore.data ?? null} />
      {ids.length > 0 && (
        <section className="import-binned" aria-label={t("binnedTitle")}>
          <p>{t("binned", { count: ids.length })}</p>
          <ActionButton
            needs="update"
            type="primary"
            disabled={busy}
            loading={restore.isPending}
            onClick={() => restore.mutate(ids)}
          >
            {t("binnedRestore", { count: ids.length })}
          </ActionButton>
        </section>
      )}
    </>
  );
}
