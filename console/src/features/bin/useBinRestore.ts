import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { operationsOf, runBatch } from "@/features/instances-actions/batch";
import { useRefresh } from "@/features/instances-actions/useInstanceWrites";
import { useBinTexts } from "./texts";

/** Restores what is selected, each for itself; `trouble` names those that stayed in the bin, and why. */
export function useBinRestore(onDone: (left: ReadonlySet<number>) => void) {
  const t = useBinTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const restore = useMutation({
    mutationFn: (ids: readonly number[]) => runBatch(operationsOf("restore", ids)),
    onSuccess: ({ results }, ids) => {
      const done = new Set(results.flatMap((one) => (one.status === "error" ? [] : (one.id ?? []))));
      if (done.size > 0) void message.success(t("restoredMany", { count: done.size }));
      onDone(new Set(ids.filter((id) => !done.has(id))));
      void refresh(...ids);
    },
  });
  return { ...restore, trouble: restore.data ?? null };
}
