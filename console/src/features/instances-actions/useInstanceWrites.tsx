import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback } from "react";
import { api, ask } from "@/api/client";
import { etag, NO_WHY, type Why, whyHeaders } from "@/api/headers";
import type { Instance } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { useActionToast } from "@/parts/useActionToast";
import { useActionTexts } from "./texts";

/** An instance that is written to; where its version is given, only that version is (412 otherwise). */
export interface Target {
  id: number;
  name: string;
  version?: number;
}

const at = ({ id, version }: Target, why: Why) => ({
  path: { instance_id: id },
  header: { ...whyHeaders(why), ...(version !== undefined && { "If-Match": etag(version) }) },
});

/**
 * All that shows these instances is read anew after a write.
 *
 * `leaves`: the screen is left at once, so that nothing is asked for it any more; the next one asks for its own.
 */
export function useRefresh({ leaves = false } = {}): (...ids: number[]) => Promise<unknown> {
  const queries = useQueryClient();
  return useCallback(
    (...ids) => {
      const keys = [["instances"], ...ids.map((id) => ["instance", id])];
      const refetchType = leaves ? "none" : "active";
      return Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey, refetchType })));
    },
    [queries, leaves],
  );
}

/** Tells of a refused write where no form is there to hold it. */
function useTell(): (name: string, error: unknown) => void {
  const t = useActionTexts();
  const { notification } = App.useApp();
  return (name, error) =>
    notification.error({
      title: t("failed", { name }),
      description: <Problem error={error} />,
      duration: 0,
    });
}

/** Says what was done, and for a while offers to undo it. */
export function useUndoOffer(): (offer: { key: string; title: string; onUndo: () => void }) => void {
  const t = useActionTexts();
  const toast = useActionToast();
  return ({ key, title, onUndo }) => toast({ key, title, action: { label: t("undo"), onAct: onUndo } });
}

interface Telling {
  /** Whether a refusal is told beside the screen; false where the caller shows `error` itself. */
  tells?: boolean;
}

/** Takes an instance out of the recycle bin; without a version, as who undoes a deletion does not know the one it made. */
export function useRestoreInstance({ tells = true }: Telling = {}) {
  const t = useActionTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const tell = useTell();
  return useMutation({
    mutationFn: async ({ id }: Pick<Target, "id" | "name">) => {
      const params = { path: { instance_id: id } };
      const answer = await ask(api.POST("/instances/{instance_id}/restore", { params, body: {} }));
      return answer.data.instance as Instance;
    },
    onSuccess: async (_, { id, name }) => {
      await refresh(id);
      void message.success(t("restored", { name }));
    },
    onError: (error, { name }) => {
      if (tells) tell(name, error);
    },
  });
}

/** Deletes at once, and offers to undo it; `leaves` as for `useRefresh`. */
export function useDeleteInstance({ tells = true, leaves = false }: Telling & { leaves?: boolean } = {}) {
  const t = useActionTexts();
  const refresh = useRefresh({ leaves });
  const tell = useTell();
  const offer = useUndoOffer();
  const restore = useRestoreInstance();
  return useMutation({
    mutationFn: ({ instance, why = NO_WHY }: { instance: Target; why?: Why }) =>
      ask(api.POST("/instances/{instance_id}/delete", { params: at(instance, why), body: {} })),
    onSuccess: async (_, { instance }) => {
      offer({
        key: `deleted-${instance.id}`,
        title: t("deleted", { name: instance.name }),
        onUndo: () => restore.mutate(instance),
      });
      await refresh(instance.id);
    },
    onError: (error, { instance }) => {
      if (tells) tell(instance.name, error);
    },
  });
}

/** Removes for good what is in the recycle bin; `onDone` is over first, so that no screen asks for what is gone. */
export function usePurgeInstance(onDone: () => unknown) {
  const t = useActionTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ instance, why }: { instance: Target; why: Why }) =>
      ask(api.POST("/instances/{instance_id}/purge", { params: at(instance, why), body: {} })),
    onSuccess: async (_, { instance }) => {
      await onDone();
      void message.success(t("purgeDone", { name: instance.name }));
      queries.removeQueries({ queryKey: ["instance", instance.id] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
    },
  });
}
