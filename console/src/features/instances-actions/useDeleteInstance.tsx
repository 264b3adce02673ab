import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { api, ask } from "@/api/client";
import { Problem } from "@/parts/Problem";
import { useActionTexts } from "./texts";

export interface Deletable {
  id: number;
  name: string;
  /** Where it is given, only this version is deleted (412 otherwise). */
  version?: number;
}

/** How long the offer to undo stands, in seconds. */
const UNDO_S = 10;

/** All that shows the instance is read anew after a write. */
function useRefresh(): (id: number) => Promise<unknown> {
  const queries = useQueryClient();
  return (id) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["instance", id] }),
      queries.invalidateQueries({ queryKey: ["instances"] }),
    ]);
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

/** Takes an instance out of the recycle bin. */
export function useRestoreInstance() {
  const t = useActionTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const tell = useTell();
  return useMutation({
    mutationFn: ({ id }: Deletable) =>
      ask(api.POST("/instances/{instance_id}/restore", { params: { path: { instance_id: id } }, body: {} })),
    onSuccess: async (_, { id, name }) => {
      await refresh(id);
      void message.success(t("restored", { name }));
    },
    onError: (error, { name }) => tell(name, error),
  });
}

/** Deletes at once, and offers for ten seconds to undo it. */
export function useDeleteInstance() {
  const t = useActionTexts();
  const { notification } = App.useApp();
  const refresh = useRefresh();
  const tell = useTell();
  const restore = useRestoreInstance();
  return useMutation({
    mutationFn: ({ instance, reason = "" }: { instance: Deletable; reason?: string }) => {
      const header = instance.version === undefined ? {} : { "If-Match": `"${instance.version}"` };
      return ask(
        api.POST("/instances/{instance_id}/delete", {
          params: { path: { instance_id: instance.id }, header },
          body: { reason: reason.trim() === "" ? null : reason.trim() },
        }),
      );
    },
    onSuccess: async (_, { instance }) => {
      const key = `deleted-${instance.id}`;
      notification.success({
        key,
        title: t("deleted", { name: instance.name }),
        duration: UNDO_S,
        role: "status",
        actions: (
          <Button
            size="small"
            onClick={() => {
              notification.destroy(key);
              restore.mutate(instance);
            }}
          >
            {t("undo")}
          </Button>
        ),
      });
      await refresh(instance.id);
    },
    onError: (error, { instance }) => tell(instance.name, error),
  });
}
