import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { type BatchResult, restoreMany } from "./queries";
import { useBinTexts } from "./texts";

/** Restores what is selected; `refused` names those that stayed in the bin, and why. */
export function useBinRestore(onDone: (left: ReadonlySet<number>) => void) {
  const t = useBinTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: restoreMany,
    onSuccess: (results, ids) => {
      const refused = results.filter((one) => one.status === "error");
      const done = results.length - refused.length;
      if (done > 0) void message.success(t("restoredMany", { count: done }));
      onDone(new Set(refused.flatMap((one) => one.id ?? [])));
      void queries.invalidateQueries({ queryKey: ["instances"] });
      for (const id of ids) void queries.invalidateQueries({ queryKey: ["instance", id] });
    },
  });
  const refused: readonly BatchResult[] = (restore.data ?? []).filter((one) => one.status === "error");
  return { ...restore, refused };
}
