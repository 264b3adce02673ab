import { useQuery } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo } from "react";
import type { Check, Instance } from "@/api/types";
import { ActorName } from "@/changes/ActorName";
import { useSourceWord } from "@/changes/words";
import { Ago } from "@/parts/Ago";
import { DataTable } from "@/parts/DataTable";
import { Empty } from "@/parts/Empty";
import { Nothing } from "@/parts/Nothing";
import { duration } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { StatusMark } from "@/parts/StatusMark";
import { useMayCheck } from "../check/useMayCheck";
import { checksQuery } from "../queries";
import { checkState, Strip } from "./Strip";
import "./ChecksTab.css";
import { useTabTexts } from "./texts";

/** The checks of an instance as a strip and as a list; each opens in the ladder above. */
export function ChecksTab({
  instance,
  shownId,
  onOpen,
}: {
  instance: Instance;
  shownId: number | null;
  onOpen: (check: Check) => void;
}) {
  const t = useTabTexts();
  const source = useSourceWord();
  const checks = useQuery(checksQuery(instance.id));
  const mayCheck = useMayCheck(instance);
  const columns = useMemo<ColumnDef<Check>[]>(
    () => [
      {
        id: "outcome",
        header: t("outcome"),
        size: 130,
        cell: ({ row }) => (
          <button
            type="button"
            data-row-link
            className="checks-open"
            title={t("openCheck")}
            onClick={() => onOpen(row.original)}
          >
            <StatusMark state={checkState(row.original)} />
          </button>
        ),
      },
      {
        id: "cause",
        header: t("cause"),
        size: 420,
        cell: ({ row: { original: one } }) =>
          one.cause ? (
            <span title={one.message}>
              <code>{one.cause}</code> <span className="soft">{one.message}</span>
            </span>
          ) : (
            <span className="soft">
              {one.status === "running" ? one.message : (one.server?.version ?? "")}
            </span>
          ),
      },
      {
        id: "took",
        header: t("took"),
        size: 80,
        meta: { number: true },
        cell: ({ row }) => (row.original.took_ms === null ? <Nothing /> : duration(row.original.took_ms)),
      },
      { id: "when", header: t("when"), size: 130, cell: ({ row }) => <Ago at={row.original.started_at} /> },
      {
        id: "actor",
        header: t("actor"),
        size: 130,
        cell: ({ row }) => <ActorName of={row.original.actor} />,
      },
      {
        id: "source",
        header: t("source"),
        size: 110,
        cell: ({ row }) => <span title={source(row.original.source)}>{source(row.original.source)}</span>,
      },
    ],
    [t, onOpen, source],
  );
  if (checks.error) return <Problem error={checks.error} onRetry={() => void checks.refetch()} />;
  if (checks.data && checks.data.items.length === 0) {
    return <Empty title={t("noChecks")} hint={mayCheck ? t("noChecksHint") : undefined} />;
  }
  const items = checks.data?.items ?? [];
  return (
    <div className="stack-small">
      {checks.data && <Strip newestFirst={items} shownId={shownId} onOpen={onOpen} />}
      <DataTable
        caption={t("checksOf")}
        columns={columns}
        rows={items}
        idOf={(one) => one.id}
        nameOf={(one) => `#${one.id}`}
        loadingRows={8}
        keys
      />
    </div>
  );
}
