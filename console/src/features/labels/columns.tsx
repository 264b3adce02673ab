import type { ColumnDef } from "@tanstack/react-table";
import { Button } from "antd";
import { Trash2 } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Ago } from "@/parts/Ago";
import { useCan } from "@/session/me";
import type { Label, LabelScreenProps } from "./LabelScreen";
import { UsageLink } from "./UsageLink";
import { useLabelTexts } from "./texts";

/**
 * The columns of labels of one kind: its own stand among what all kinds have, behind the name and how many use it.
 *
 * All that is handed over stays the same from one drawing to the next, so that the rows do.
 */
export function useLabelColumns<T extends Label, B extends object>(
  { api, columns, showName, rowActions }: LabelScreenProps<T, B>,
  onOpen: (label: T) => void,
  onDelete: (label: T) => void,
): ColumnDef<T>[] {
  const t = useLabelTexts();
  const mayDelete = useCan()(api.needs.remove);
  return useMemo(() => {
    const link = (label: T): ReactNode => (
      <button
        type="button"
        className="label-open"
        data-row-link
        title={api.nameOf(label)}
        onClick={() => onOpen(label)}
      >
        {api.nameOf(label)}
      </button>
    );
    return [
      {
        id: "name",
        header: t("name"),
        size: 170,
        cell: ({ row }) => showName?.(row.original, link(row.original)) ?? link(row.original),
      },
      {
        id: "usage",
        header: t("usage"),
        size: 80,
        meta: { number: true },
        cell: ({ row }) => <UsageLink api={api} label={row.original} />,
      },
      ...columns,
      {
        id: "updated",
        header: t("updated"),
        size: 120,
        cell: ({ row }) => <Ago at={row.original.updated_at} />,
      },
      {
        id: "actions",
        header: t("actions"),
        size: 110,
        meta: { number: true },
        cell: ({ row }) => (
          <span className="label-actions">
            {rowActions?.(row.original)}
            {mayDelete && (
              <Button
                type="text"
                size="small"
                icon={<Trash2 size={14} aria-hidden="true" />}
                aria-label={t("delete", { name: api.nameOf(row.original) })}
                title={t("delete", { name: api.nameOf(row.original) })}
                onClick={() => onDelete(row.original)}
              />
            )}
          </span>
        ),
      },
    ];
  }, [t, columns, api, showName, rowActions, mayDelete, onOpen, onDelete]);
}
