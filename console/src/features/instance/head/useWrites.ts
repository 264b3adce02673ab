import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { createElement } from "react";
import { api, ask } from "@/api/client";
import type { Instance } from "@/api/types";
import { useInstanceTexts } from "../texts";

/** What `If-Match` holds for the version that was read. */
export const etag = (version: number): string => `"${version}"`;

const at = (instance: Instance) => ({
  path: { instance_id: instance.id },
  header: { "If-Match": etag(instance.version) },
});

/** All that shows the instance is read anew after a write. */
function useRefresh(): (id: number) => Promise<void> {
  const queries = useQueryClient();
  return async (id) => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["instance", id] }),
      queries.invalidateQueries({ queryKey: ["instances"] }),
    ]);
  };
}

/** Out of the recycle bin; without a version, as the undo of a deletion does not know the one that it made. */
export function useRestore(instance: Instance) {
  const t = useInstanceTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => {
      const params = { path: { instance_id: instance.id } };
      return ask(api.POST("/instances/{instance_id}/restore", { params, body: {} }));
    },
    onSuccess: async () => {
      await refresh(instance.id);
      void message.success(t("restored", { name: instance.name }));
    },
  });
}

/** Into the recycle bin, with a toast that undoes it. */
export function useDelete(instance: Instance, onDone: () => void) {
  const t = useInstanceTexts();
  const { notification } = App.useApp();
  const refresh = useRefresh();
  const restore = useRestore(instance);
  return useMutation({
    mutationFn: (reason: string) =>
      ask(
        api.POST("/instances/{instance_id}/delete", {
          params: at(instance),
          body: { reason: reason.trim() === "" ? null : reason.trim() },
        }),
      ),
    onSuccess: async () => {
      onDone();
      await refresh(instance.id);
      const key = `deleted-${instance.id}`;
      notification.success({
        key,
        title: t("deleted", { name: instance.name }),
        duration: 10,
        role: "status",
        actions: createElement(
          Button,
          {
            onClick: () => {
              notification.destroy(key);
              restore.mutate();
            },
          },
          t("undo"),
        ),
      });
    },
  });
}

export function usePurge(instance: Instance, onDone: () => void) {
  const t = useInstanceTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      ask(
        api.POST("/instances/{instance_id}/purge", {
          params: at(instance),
          body: { reason: reason.trim() === "" ? null : reason.trim() },
        }),
      ),
    onSuccess: () => {
      void message.success(t("purged", { name: instance.name }));
      onDone();
      queries.removeQueries({ queryKey: ["instance", instance.id] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
    },
  });
}

/** Mute until a time (ISO 8601 with offset), or no longer (null). */
export function useMute(instance: Instance, onDone: () => void) {
  const t = useInstanceTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (until: string | null) =>
      ask(
        api.PATCH("/instances/{instance_id}", {
          params: at(instance),
          body: { muted_until: until } as never,
        }),
      ),
    onSuccess: async (_, until) => {
      onDone();
      await refresh(instance.id);
      void message.success(t(until === null ? "unmutedDone" : "mutedDone", { name: instance.name }));
    },
  });
}
