import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { type BatchEnd, runBatch } from "./batch";
import { type BulkAction, operationsOf } from "./plan";
import { useBulkTexts } from "./texts";

type Written = Exclude<BulkAction, "check">;
const DONE = { tag: "doneTag", untag: "doneUntag", delete: "doneDelete", restore: "doneRestore" } as const;
/** Seconds that the offer to undo stands. */
const UNDO_S = 15;

export interface BatchState {
  progress: { done: number; total: number } | null;
  /** What was refused or not sent; null while all is well. */
  trouble: BatchEnd | null;
}

/** Carry out writes for many, tell what became of them, and offer to undo a deletion. */
export function useBatch() {
  const t = useBulkTexts();
  const { notification, message } = App.useApp();
  const queries = useQueryClient();
  const [state, setState] = useState<BatchState>({ progress: null, trouble: null });

  const write = async (
    action: Written | "restore",
    ids: readonly number[],
    choices: { tags?: readonly string[]; reason?: string },
  ): Promise<BatchEnd> => {
    setState({ progress: { done: 0, total: ids.length }, trouble: null });
    const end = await runBatch(operationsOf(action, ids, choices), (done) =>
      setState({ progress: { done, total: ids.length }, trouble: null }),
    );
    const bad = end.error !== null || end.results.some((one) => one.status === "error");
    setState({ progress: null, trouble: bad ? end : null });
    void queries.invalidateQueries({ queryKey: ["instances"] });
    void queries.invalidateQueries({ queryKey: ["tags"] });
    for (const id of ids) void queries.invalidateQueries({ queryKey: ["instance", id] });
    return end;
  };

  const undo = async (key: string, ids: readonly number[]): Promise<void> => {
    notification.destroy(key);
    const end = await write("restore", ids, {});
    const count = end.results.filter((one) => one.status === "restored").length;
    if (count > 0) void message.success(t("doneRestore", { count }));
  };

  /** Resolves to whether all went well. */
  const act = async (
    action: Written,
    ids: readonly number[],
    choices: { tags?: readonly string[]; reason?: string },
  ): Promise<boolean> => {
    const end = await write(action, ids, choices);
    const done = end.results.filter((one) => one.status === "updated" || one.status === "deleted");
    if (done.length > 0 && action === "delete") {
      const key = `deleted-${String(done[0]?.id)}-${done.length}`;
      const gone = done.flatMap((one) => one.id ?? []);
      notification.success({
        key,
        title: t("doneDelete", { count: done.length }),
        duration: UNDO_S,
        actions: (
          <Button size="small" onClick={() => void undo(key, gone)}>
            {t("undo")}
          </Button>
        ),
      });
    } else if (done.length > 0) void message.success(t(DONE[action], { count: done.length }));
    return end.error === null && end.results.every((one) => one.status !== "error");
  };
  return { ...state, act, settle: () => setState({ progress: null, trouble: null }) };
}
