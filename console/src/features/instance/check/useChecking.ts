import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, ask } from "@/api/client";
import type { Check } from "@/api/types";
import { checkQuery, checksQuery, newestCheckQuery } from "../queries";

export interface Checking {
  /** What is shown: the newest check, or the one that the URL names; null before the first. */
  check: Check | null;
  newest: Check | null;
  isLoading: boolean;
  /** Why the check cannot be shown, or could not be begun. */
  error: unknown;
  startError: unknown;
  isRunning: boolean;
  start: () => void;
  retry: () => void;
}

/** The check of an instance, live: ours, or one that somebody else began. */
export function useChecking(instanceId: number, wanted: number | null, onStart: () => void): Checking {
  const queries = useQueryClient();
  const newest = useQuery(newestCheckQuery(instanceId));
  const shownId = wanted ?? newest.data?.id ?? null;
  const shown = useQuery({
    ...checkQuery(shownId ?? 0),
    enabled: shownId !== null,
    initialData: () => (newest.data && newest.data.id === shownId ? newest.data : undefined),
    initialDataUpdatedAt: () => newest.dataUpdatedAt,
  });
  const start = useMutation({
    mutationFn: async () => {
      const params = { path: { instance_id: instanceId }, query: { wait: false } };
      return (await ask(api.POST("/instances/{instance_id}/check", { params, body: { unattended: false } })))
        .data.check;
    },
    onSuccess: (check) => {
      queries.setQueryData(checkQuery(check.id).queryKey, check);
      queries.setQueryData(newestCheckQuery(instanceId).queryKey, check);
      onStart();
    },
  });

  const check = shownId === null ? null : (shown.data ?? null);
  // The newest as it is known best: while it is shown it is asked for more often than the list.
  const latest = check !== null && check.id === newest.data?.id ? check : (newest.data ?? null);
  const latestId = latest?.id ?? null;
  const running = latest?.status === "running";
  const isKnown = newest.data !== undefined;
  const seen = useRef<{ latestId: number | null; running: boolean } | null>(null);
  useEffect(() => {
    if (!isKnown) return;
    const before = seen.current;
    seen.current = { latestId, running };
    if (before === null || (before.latestId === latestId && before.running === running)) return;
    void queries.invalidateQueries({ queryKey: checksQuery(instanceId).queryKey });
    if (running) return;
    // A check has ended: what the instance shows of its last check is read anew.
    void queries.invalidateQueries({ queryKey: ["instance", instanceId] });
    void queries.invalidateQueries({ queryKey: ["instances"] });
  }, [queries, instanceId, isKnown, latestId, running]);

  return {
    check,
    newest: latest,
    isLoading: newest.isPending || (shownId !== null && shown.isPending),
    error: newest.error ?? shown.error,
    startError: start.error,
    isRunning: start.isPending || running,
    start: () => {
      if (!start.isPending) start.mutate();
    },
    retry: () => {
      void newest.refetch();
      if (shownId !== null) void shown.refetch();
    },
  };
}
