import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import type { Why } from "@/api/headers";
import { PurgeForm } from "@/features/instances-actions/PurgeForm";
import { Refused } from "@/features/instances-actions/Refused";
import { type Purged, purgeMany } from "./purge";
import { useBinTexts } from "./texts";

/** Names that are shown of those that go. */
const NAMED = 12;

/** Final removal of what is selected: says which and how many, and asks for their number. */
export function BulkPurgeDialog({
  instances,
  onPurged,
  onClose,
}: {
  instances: readonly Purged[];
  /** After some or all are gone: their ids. */
  onPurged: (ids: ReadonlySet<number>) => void;
  onClose: () => void;
}) {
  const t = useBinTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [asked] = useState(instances);
  const [done, setDone] = useState(0);
  const count = asked.length;
  const purge = useMutation({
    mutationFn: (why: Why) => purgeMany(asked, why, setDone),
    onSuccess: (end) => {
      const gone = end.results.flatMap((one) => (one.status === "error" ? [] : (one.id ?? [])));
      onPurged(new Set(gone));
      for (const one of gone) queries.removeQueries({ queryKey: ["instance", one] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
      if (gone.length > 0) void message.success(t("purgedMany", { count: gone.length }));
      if (gone.length === count) onClose();
    },
  });
  return (
    <PurgeForm
      title={t("purgeManyTitle", { count })}
      okText={t("purgeManyDo", { count })}
      word={String(count)}
      wordLabel={t("purgeManyType")}
      isNumber
      isPending={purge.isPending}
      // What is told afterwards is not asked for again: the selection holds what is left.
      isOver={purge.data !== undefined}
      onSend={(why) => purge.mutate(why)}
      onClose={onClose}
      refused={<Refused end={purge.data ?? null} />}
      progress={purge.isPending ? t("purging", { done, count }) : ""}
    >
      <p>
        <strong>{t("purgeManyText")}</strong> {t("purgeManyReach", { count })}
      </p>
      <p className="bin-names">
        {asked.slice(0, NAMED).map(({ id, name }) => (
          <code key={id}>{name}</code>
        ))}
        {count > NAMED && <span>{t("purgeManyMore", { count: count - NAMED })}</span>}
      </p>
    </PurgeForm>
  );
}
