import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Pagination } from "antd";
import { useMemo, useState } from "react";
import { ActorName } from "@/changes/ActorName";
import { Ago } from "@/parts/Ago";
import { DataTable } from "@/parts/DataTable";
import { Empty } from "@/parts/Empty";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { importsQuery } from "./calls";
import { useImportTexts } from "./texts";
import type { ImportRecord } from "./types";

const LIMIT = 20;

/** Who took in what, and when; each is the way to its rows and its undo. */
export function History() {
  const t = useImportTexts();
  const [page, setPage] = useState(1);
  const list = useQuery({ ...importsQuery(page, LIMIT), placeholderData: keepPreviousData });
  const total = list.data?.total ?? 0;
  const columns = useMemo<ColumnDef<ImportRecord>[]>(
    () => [
      {
        id: "file",
        header: t("file"),
        size: 260,
        cell: ({ row }) => (
          <Link to="/import" search={{ import: String(row.original.id) }} data-row-link>
            {row.original.file_name}
          </Link>
        ),
      },
      { id: "at", header: t("at"), size: 120, cell: ({ row }) => <Ago at={row.original.at} /> },
      { id: "who", header: t("who"), size: 120, cell: ({ row }) => <ActorName of={row.original.actor} /> },
      ...(["insert", "update", "unchanged", "error"] as const).map((kind): ColumnDef<ImportRecord> => ({
        id: kind,
        header: t(kind),
        size: 90,
        meta: { number: true },
        cell: ({ row }) =>
          row.original.summary[kind] === 0 ? (
            <span className="faint">0</span>
          ) : (
            <span className={kind === "error" ? "import-wrong" : undefined}>
              {row.original.summary[kind]}
            </span>
          ),
      })),
      {
        id: "state",
        header: t("state"),
        size: 180,
        cell: ({ row }) =>
          row.original.undone_at ? (
            <span className="soft">
              {t("undone")} · <Ago at={row.original.undone_at} />
            </span>
          ) : (
            t("inForce")
          ),
      },
    ],
    [t],
  );
  return (
    <Block title={t("history")}>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 ? (
        <Empty title={t("noHistory")} hint={t("noHistoryHint")} />
      ) : (
        !(list.error && list.data === undefined) && (
          <DataTable
            caption={t("history")}
            columns={columns}
            rows={list.data?.items ?? []}
            idOf={(row) => row.id}
            nameOf={(row) => row.file_name}
            loadingRows={4}
            keys
          />
        )
      )}
      {total > LIMIT && (
        <Pagination
          size="small"
          align="end"
          className="import-pages"
          current={page}
          pageSize={LIMIT}
          total={total}
          showSizeChanger={false}
          onChange={setPage}
        />
      )}
    </Block>
  );
}
