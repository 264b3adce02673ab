import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { api, ask } from "@/api/client";
import { etag } from "@/api/headers";
import type { Instance } from "@/api/types";
import { useRefresh } from "@/features/instances-actions/useInstanceWrites";
import { useInstanceTexts } from "../texts";

/** Mute until a time (ISO 8601 with offset), or no longer (null). */
export function useMute(instance: Instance, onDone: () => void) {
  const t = useInstanceTexts();
  const { message } = App.useApp();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (until: string | null) =>
      ask(
        api.PATCH("/instances/{instance_id}", {
          params: { path: { instance_id: instance.id }, header: { "If-Match": etag(instance.version) } },
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
