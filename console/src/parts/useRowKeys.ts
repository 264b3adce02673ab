import type { RefObject } from "react";
import { useKey } from "@/keys/keys";
import { useKeyTexts } from "@/keys/texts";

function links(frame: HTMLElement | null): HTMLElement[] {
  return frame ? [...frame.querySelectorAll<HTMLElement>("[data-row-link]")] : [];
}

function move(frame: HTMLElement | null, step: 1 | -1): void {
  const all = links(frame);
  const row = document.activeElement?.closest("tr");
  const here = row ? all.findIndex((link) => row.contains(link)) : -1;
  const next =
    here === -1 ? (step === 1 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, here + step));
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

/** j and k go from row to row, x selects the row that has the focus. */
export function useRowKeys(
  frame: RefObject<HTMLElement | null>,
  { enabled, onToggle }: { enabled: boolean; onToggle: ((id: number) => void) | undefined },
): void {
  const t = useKeyTexts();
  useKey("j", t("down"), () => move(frame.current, 1), { enabled });
  useKey("k", t("up"), () => move(frame.current, -1), { enabled });
  useKey(
    "x",
    t("select"),
    () => {
      const row = document.activeElement?.closest<HTMLElement>("tr[data-row]");
      if (row && frame.current?.contains(row)) onToggle?.(Number(row.dataset["row"]));
    },
    { enabled: enabled && onToggle !== undefined },
  );
}
