import type { ColumnDef } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { Endpoint } from "@/parts/Endpoint";
import { Nothing } from "@/parts/Nothing";
import { usePartTexts } from "@/parts/texts";
import { engineName } from "@/words/engines";
import { useEnvironment } from "@/words/environments";
import type { Binned } from "./queries";
import { useBinTexts } from "./texts";

function InEnvironment({ environment: key }: { environment: string | null }) {
  const environment = useEnvironment(key);
  return environment ? environment.name : <Nothing />;
}

/** The columns of the bin: what it is, who put it there, when and why, and the two ways out. */
export function useBinColumns(
  onRestore: (one: Binned) => void,
  onPurge: (one: Binned) => void,
): ColumnDef<Binned>[] {
  const t = useBinTexts();
  const parts = usePartTexts();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        size: 150,
        meta: { sort: "name" },
        cell: ({ row: { original } }) => (
          <Link to="/instances/$instanceId" params={{ instanceId: String(original.id) }} data-row-link>
            {original.name}
          </Link>
        ),
      },
      {
        id: "endpoint",
        header: t("endpoint"),
        size: 225,
        meta: { sort: "host" },
        cell: ({ row: { original } }) => (
          <span className="bin-endpoint">
            <span className="soft">{engineName(original.db_type)}</span>{" "}
            <Endpoint host={original.host} port={original.port} />
          </span>
        ),
      },
      {
        id: "environment",
        header: t("environment"),
        size: 120,
        meta: { sort: "environment" },
        cell: ({ row: { original } }) => <InEnvironment environment={original.environment} />,
      },
      {
        id: "deleted_at",
        header: t("deletedAt"),
        size: 100,
        meta: { sort: "deleted_at" },
        cell: ({ row: { original } }) => <Ago at={original.deleted_at} />,
      },
      {
        id: "deleted_by",
        header: t("deletedBy"),
        size: 100,
        meta: { sort: "deleted_by" },
        cell: ({ row: { original } }) =>
          original.deleted_by?.username ?? <span className="faint">{parts("unknown")}</span>,
      },
      {
        id: "delete_reason",
        header: t("reason"),
        size: 165,
        meta: { sort: "delete_reason" },
        cell: ({ row: { original } }) =>
          original.delete_reason ? (
            <span title={original.delete_reason}>{original.delete_reason}</span>
          ) : (
            <Nothing />
          ),
      },
      {
        id: "actions",
        header: t("actions"),
        size: 145,
        enableResizing: false,
        cell: ({ row: { original } }) => (
          <span className="bin-actions">
            <ActionButton
              needs="update"
              size="small"
              aria-label={t("restoreOne", { name: original.name })}
              onClick={() => onRestore(original)}
            >
              {t("restore")}
            </ActionButton>
            <ActionButton
              needs="purge"
              size="small"
              danger
              aria-label={t("purgeOne", { name: original.name })}
              onClick={() => onPurge(original)}
            >
              {t("purge")}
            </ActionButton>
          </span>
        ),
      },
    ],
    [t, parts, onRestore, onPurge],
  );
}
