import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { NO_WHY, type Why } from "@/api/headers";
import { type BatchAction, type BatchEnd, operationsOf, runBatch } from "@/features/instances-actions/batch";
import { Notices } from "@/parts/Notices";
import { useActionToast } from "@/parts/useActionToast";
import { useRefresh, useUndoOffer } from "@/features/instances-actions/useInstanceWrites";
import { type Edits, editsOf } from "./editing";
import { useBulkTexts } from "./texts";

const DONE = { edit: "doneEdit", tag: "doneTag", untag: "doneUntag" } as const;

interface Choices {
  /** Names of tags to add or to remove. */
  tags?: readonly string[];
  edits?: Edits;
  why?: Why;
}

interface BatchState {
  progress: { done: number; total: number } | null;
  /** What was refused or not sent; null while all is well. */
  trouble: BatchEnd | null;
}

/** Carry out writes for many, tell what became of them, and offer to undo a deletion. */
export function useBatch() {
  const t = useBulkTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const offer = useUndoOffer();
  const toast = useActionToast();
  const queries = useQueryClient();
  const [state, setState] = useState<BatchState>({ progress: null, trouble: null });

  const write = async (
    action: BatchAction | "edit",
    ids: readonly number[],
    { tags, edits = {}, why = NO_WHY }: Choices,
  ): Promise<BatchEnd> => {
    const operations = action === "edit" ? editsOf(ids, edits) : operationsOf(action, ids, tags);
    setState({ progress: { done: 0, total: ids.length }, trouble: null });
    const end = await runBatch(operations, why, (done) =>
      setState({ progress: { done, total: ids.length }, trouble: null }),
    );
    const bad = end.error !== null || end.results.some((one) => one.status === "error");
    setState({ progress: null, trouble: bad ? end : null });
    void queries.invalidateQueries({ queryKey: ["tags"] });
    void refresh(...ids);
    return end;
  };

  const undo = async (ids: readonly number[]): Promise<void> => {
    const end = await write("restore", ids, {});
    const count = end.results.filter((one) => one.status === "restored").length;
    if (count > 0) void message.success(t("doneRestore", { count }));
  };

  /** Resolves to whether all went well. */
  const act = async (
    action: Exclude<BatchAction, "restore"> | "edit",
    ids: readonly number[],
    choices: Choices,
  ): Promise<boolean> => {
    const end = await write(action, ids, choices);
    const done = end.results.filter((one) => one.status === "updated" || one.status === "deleted");
    if (done.length > 0 && action === "delete") {
      const gone = done.flatMap((one) => one.id ?? []);
      offer({
        key: `deleted-${String(gone[0])}-${gone.length}`,
        title: t("doneDelete", { count: done.length }),
        onUndo: () => void undo(gone),
      });
    } else if (action !== "delete" && done.length > 0) {
      const title = t(DONE[action], { count: done.length });
      if (end.warnings.length === 0) void message.success(title);
      else
        toast({
          key: "bulk",
          kind: "warning",
          title,
          description: <Notices notices={end.warnings} />,
          stays: true,
        });
    } else if (end.results.length > 0 && end.results.every((one) => one.status === "unchanged")) {
      void message.info(t("allSo"));
    }
    return end.error === null && end.results.every((one) => one.status !== "error");
  };
  return { ...state, act, settle: () => setState({ progress: null, trouble: null }) };
}
