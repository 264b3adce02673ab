import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api, ask } from "@/api/client";
import type { Instance } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { useActionToast } from "@/parts/useActionToast";
import { useCan } from "@/session/me";
import { useEditTexts } from "./texts";

/** Tells that an instance was created, and offers to check it at once. */
export function useAfterCreate(): (instance: Instance) => void {
  const t = useEditTexts();
  const { notification, message } = App.useApp();
  const toast = useActionToast();
  const queries = useQueryClient();
  const can = useCan();
  const check = useMutation({
    mutationFn: (id: number) => {
      const params = { path: { instance_id: id }, query: { wait: false } };
      return ask(api.POST("/instances/{instance_id}/check", { params, body: { unattended: false } }));
    },
    onSuccess: (_, id) => {
      void message.success(t("checkBegun"));
      void queries.invalidateQueries({ queryKey: ["instance", id] });
    },
    onError: (error) =>
      notification.error({ title: t("checkNow"), description: <Problem error={error} />, duration: 0 }),
  });
  return ({ id, name }) => {
    const title = t("created", { name });
    // A toast stands outside of what the screen provides, so it asks for nothing itself.
    if (!can("check")) return void message.success(title);
    const action = { label: t("checkNow"), isMain: true, onAct: () => check.mutate(id) };
    toast({ key: `created-${id}`, title, action });
  };
}
