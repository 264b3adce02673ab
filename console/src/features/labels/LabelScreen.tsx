import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Button, Input, Pagination } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { createContext, type ReactNode, useMemo, useRef, useState } from "react";
import { one, type Search } from "@/app/search";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { DataTable } from "@/parts/DataTable";
import { Empty } from "@/parts/Empty";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { useCan } from "@/session/me";
import { DeleteDialog } from "./DeleteDialog";
import { LabelDrawer } from "./LabelDrawer";
import type { LabelApi } from "./labelApi";
import "./LabelScreen.css";
import { UsageLink } from "./UsageLink";
import { useLabelTexts } from "./texts";

const LIMIT = 100;
const NONE: readonly never[] = [];

/** The labels of the page, in their order, for what stands in a row. */
export const ShownLabels = createContext<readonly unknown[]>(NONE);

export interface Label {
  id: number;
  version: number;
  usage_count: number;
  updated_at: string;
}

export interface LabelWords {
  title: string;
  create: string;
  edit: (name: string) => string;
  none: string;
  noneHint: string;
}

export interface LabelScreenProps<T extends Label, B extends object> {
  api: LabelApi<T, B>;
  words: LabelWords;
  columns: ColumnDef<T>[];
  /** How the name stands in its row. */
  showName?: (label: T, link: ReactNode) => ReactNode;
  /** The fields of the form; a new thing has no `label`. */
  fields: (label: T | null) => ReactNode;
  /** The form of a thing; null is a new one. */
  valuesOf: (label: T | null) => Record<string, unknown>;
  fieldName: (field: string) => string;
  /** What the drawer shows besides the form. */
  beside?: (label: T) => ReactNode;
  canDetach?: boolean;
  /** More actions of a row. */
  rowActions?: (label: T) => ReactNode;
}

/** A list of labels of one kind, found by name; `?open=` is the one in the drawer. */
export function LabelScreen<T extends Label, B extends object>(props: LabelScreenProps<T, B>) {
  const { api, words, columns, showName, rowActions } = props;
  const t = useLabelTexts();
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  const page = Math.max(1, Number(one(search, "page") ?? 1) || 1);
  const word = one(search, "search");
  const open = one(search, "open");
  const [leaving, setLeaving] = useState<T | null>(null);
  const list = useQuery({
    queryKey: [api.key, { page, limit: LIMIT, search: word }],
    queryFn: ({ signal }) => api.list({ page, limit: LIMIT, search: word }, signal),
    placeholderData: keepPreviousData,
  });
  const go = (change: Record<string, string | undefined>, replace = false): void =>
    void navigate({ to: ".", search: { ...search, ...change } as Search, replace });
  const { history } = useRouter();
  const isOpenedHere = useRef(false);
  const openDrawer = (value: string): void => {
    isOpenedHere.current = true;
    go({ open: value });
  };
  // The drawer is no page to come back to: leaving it undoes the step that opened it.
  const closeDrawer = (): void => {
    if (isOpenedHere.current) history.back();
    else go({ open: undefined }, true);
    isOpenedHere.current = false;
  };

  const items = list.data?.items;
  const total = list.data?.total ?? 0;
  const shownColumns = useMemo<ColumnDef<T>[]>(() => {
    const link = (label: T): ReactNode => (
      <button type="button" className="label-open" data-row-link onClick={() => openDrawer(String(label.id))}>
        {api.nameOf(label)}
      </button>
    );
    return [
      {
        id: "name",
        header: t("name"),
        size: 220,
        cell: ({ row }) => showName?.(row.original, link(row.original)) ?? link(row.original),
      },
      ...columns,
      {
        id: "usage",
        header: t("usage"),
        size: 90,
        meta: { number: true },
        cell: ({ row }) => <UsageLink api={api} label={row.original} />,
      },
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
        cell: ({ row }) => (
          <span className="label-actions">
            {rowActions?.(row.original)}
            {can(api.needs.remove) && (
              <Button
                type="text"
                size="small"
                icon={<Trash2 size={14} aria-hidden="true" />}
                aria-label={t("delete", { name: api.nameOf(row.original) })}
                title={t("delete", { name: api.nameOf(row.original) })}
                onClick={() => setLeaving(row.original)}
              />
            )}
          </span>
        ),
      },
    ];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `go` only depends on the search
  }, [t, columns, api, can, search]);

  const create = (
    <ActionButton
      needs={api.needs.create}
      type="primary"
      icon={<Plus size={14} aria-hidden="true" />}
      onClick={() => openDrawer("new")}
    >
      {words.create}
    </ActionButton>
  );
  const isEmpty = items !== undefined && items.length === 0;
  return (
    <Screen
      title={words.title}
      lead={list.data && <span>{t("total", { count: total })}</span>}
      actions={create}
    >
      <Input.Search
        className="label-search"
        allowClear
        defaultValue={word ?? ""}
        placeholder={t("search")}
        aria-label={t("search")}
        maxLength={200}
        onSearch={(value) => go({ search: value, page: undefined }, true)}
      />
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {isEmpty &&
        (word ? (
          <Empty title={t("noneFound")} hint={t("noneFoundHint")} />
        ) : (
          <Empty title={words.none} hint={words.noneHint}>
            {create}
          </Empty>
        ))}
      {!isEmpty && !(list.error && items === undefined) && (
        <ShownLabels value={items ?? NONE}>
          <DataTable
            caption={words.title}
            columns={shownColumns}
            rows={items ?? []}
            idOf={(label) => label.id}
            nameOf={api.nameOf}
            loadingRows={8}
            keys
          />
        </ShownLabels>
      )}
      {total > LIMIT && (
        <Pagination
          size="small"
          align="end"
          current={page}
          pageSize={LIMIT}
          total={total}
          showSizeChanger={false}
          onChange={(next) => go({ page: String(next) })}
        />
      )}
      <LabelDrawer
        {...props}
        open={open}
        listed={items?.find((label) => String(label.id) === open)}
        onClose={closeDrawer}
      />
      <DeleteDialog
        api={api}
        label={leaving}
        canDetach={props.canDetach ?? false}
        onClose={() => setLeaving(null)}
      />
    </Screen>
  );
}
