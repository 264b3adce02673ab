import { useNavigate } from "@tanstack/react-router";
import type { RefObject } from "react";
import { useKey } from "@/keys/keys";
import { useCan } from "@/session/me";
import { useListTexts } from "./texts";

interface ListKeys {
  box: RefObject<HTMLInputElement | null>;
  table: RefObject<HTMLDivElement | null>;
  page: number;
  more: boolean;
  onPage: (page: number) => void;
}

/** `/` to the filter, `e` edits the row that has the focus, `[` and `]` turn the page. */
export function useListKeys({ box, table, page, more, onPage }: ListKeys): void {
  const t = useListTexts();
  const can = useCan();
  const navigate = useNavigate();
  useKey("/", t("focusFilter"), () => {
    box.current?.focus();
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
  });
  useKey(
    "e",
    t("edit"),
    () => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-row]");
      const instanceId = row?.dataset["row"];
      if (row && instanceId && table.current?.contains(row))
        void navigate({ to: "/instances/$instanceId/edit", params: { instanceId } });
    },
    { enabled: can("update") },
  );
  useKey("[", t("previousPage"), () => onPage(page - 1), { enabled: page > 1 });
  useKey("]", t("nextPage"), () => onPage(page + 1), { enabled: more });
}
