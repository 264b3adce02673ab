import { useNavigate, useRouter } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Plus } from "lucide-react";
import { createContext, type ReactNode, useCallback, useRef, useState } from "react";
import { one, type Search } from "@/app/search";
import { ActionButton } from "@/parts/ActionButton";
import { Empty } from "@/parts/Empty";
import { Screen } from "@/parts/Screen";
import { SearchedList, useSearched } from "@/parts/SearchedList";
import { useLabelColumns } from "./columns";
import { DeleteDialog } from "./DeleteDialog";
import { LabelDrawer } from "./LabelDrawer";
import type { LabelApi } from "./labelApi";
import "./LabelScreen.css";
import { useLabelTexts } from "./texts";

/** Labels are few: as many on a page as the API gives at once. */
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

/** The drawer's label as the URL has it; the drawer is no page to come back to. */
function useDrawer() {
  const navigate = useNavigate();
  const { history } = useRouter();
  const isOpenedHere = useRef(false);
  const open = useCallback(
    (label: string): void => {
      isOpenedHere.current = true;
      void navigate({ to: ".", search: ((now: Search) => ({ ...now, open: label })) as never });
    },
    [navigate],
  );
  // Leaving it undoes the step that opened it.
  const close = (): void => {
    if (isOpenedHere.current) history.back();
    else
      void navigate({
        to: ".",
        search: ((now: Search) => ({ ...now, open: undefined })) as never,
        replace: true,
      });
    isOpenedHere.current = false;
  };
  return { open, close };
}

/** A list of labels of one kind, found by name; `?open=` is the one in the drawer. */
export function LabelScreen<T extends Label, B extends object>(props: LabelScreenProps<T, B>) {
  const { api, words } = props;
  const t = useLabelTexts();
  const found = useSearched(api.list, LIMIT);
  const { data } = found.list;
  const { open, close } = useDrawer();
  const [leaving, setLeaving] = useState<T | null>(null);
  const openLabel = useCallback((label: T) => open(String(label.id)), [open]);
  const columns = useLabelColumns(props, openLabel, setLeaving);
  const create = (
    <ActionButton
      needs={api.needs.create}
      type="primary"
      icon={<Plus size={14} aria-hidden="true" />}
      onClick={() => open("new")}
    >
      {words.create}
    </ActionButton>
  );
  const shown = one(found.paging.search, "open");
  return (
    <Screen
      title={words.title}
      lead={data && <span>{t("total", { count: data.total ?? 0 })}</span>}
      actions={create}
    >
      <ShownLabels value={data?.items ?? NONE}>
        <SearchedList
          of={found}
          searchLabel={t("search")}
          caption={words.title}
          columns={columns}
          idOf={(label) => label.id}
          nameOf={api.nameOf}
          loadingRows={8}
          keys
          noMatch={() => <Empty title={t("noneFound")} hint={t("noneFoundHint")} />}
          empty={
            <Empty title={words.none} hint={words.noneHint}>
              {create}
            </Empty>
          }
        />
      </ShownLabels>
      <LabelDrawer
        {...props}
        open={shown}
        listed={data?.items.find((label) => String(label.id) === shown)}
        onClose={close}
      />
      {leaving && (
        <DeleteDialog
          api={api}
          label={leaving}
          canDetach={props.canDetach ?? false}
          onClose={() => setLeaving(null)}
        />
      )}
    </Screen>
  );
}
