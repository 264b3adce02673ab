import { useQueryClient } from "@tanstack/react-query";
import { useCheckRun } from "@/checks/useCheckRun";
import { setRunning } from "./running";
import { showCheck } from "./withCheck";

/** Checks of many that go on while one looks elsewhere; each shows in its row as it ends. */
export function useListChecks() {
  const queries = useQueryClient();
  return useCheckRun({
    onStart: (id) => setRunning(id, true),
    onEnd: (id, result) => {
      setRunning(id, false);
      if (!(result instanceof Error)) showCheck(queries, id, result);
    },
  });
}
