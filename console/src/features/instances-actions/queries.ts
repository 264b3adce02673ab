import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { Instance } from "@/api/types";

/** What a deletion or a purge reaches: its checks, its changes in the audit log, its credential. */
export const reachQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id, "reach"],
    queryFn: async ({ signal }) => {
      const path = { instance_id: id };
      const [checks, changes, found] = await Promise.all([
        ask(api.GET("/instances/{instance_id}/checks", { params: { path, query: { limit: 1 } }, signal })),
        ask(api.GET("/instances/{instance_id}/history", { params: { path, query: { limit: 1 } }, signal })),
        ask(
          api.GET("/instances/{instance_id}", { params: { path, query: { include_deleted: true } }, signal }),
        ),
      ]);
      const instance = found.data.instance as Instance;
      return {
        checks: checks.data.total ?? 0,
        changes: changes.data.total ?? 0,
        credential: instance.credential?.name ?? null,
        version: instance.version,
      };
    },
    gcTime: 0,
  });
