import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";
import type { Instance } from "@/api/types";
import type { Language } from "@/i18n/language";

/** How many checks an instance shows: as many as the API gives at once. */
const CHECKS_SHOWN = 100;
const CHANGES_SHOWN = 20;
const POLL_MS = 250;
/** How often somebody else's check is looked for. */
const WATCH_MS = 2_000;

const path = (instance_id: number) => ({ path: { instance_id } });

export const instanceQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id],
    queryFn: async ({ signal }) => {
      const params = { ...path(id), query: { include_deleted: true } };
      const answer = await ask(api.GET("/instances/{instance_id}", { params, signal }));
      return answer.data.instance as Instance;
    },
  });

/** An instance as it was; what the audit trail does not keep is null. */
export type InstanceThen = components["schemas"]["InstanceThen"];

export const asOfQuery = (id: number, at: string) =>
  queryOptions({
    queryKey: ["instance", id, "as-of", at],
    queryFn: async ({ signal }) => {
      const params = { ...path(id), query: { as_of: at } };
      const answer = await ask(api.GET("/instances/{instance_id}", { params, signal }));
      return { instance: answer.data.instance as InstanceThen, at: answer.meta?.as_of ?? at };
    },
    staleTime: Infinity,
  });

const listChecks = async (id: number, limit: number, signal: AbortSignal) =>
  (
    await ask(
      api.GET("/instances/{instance_id}/checks", { params: { ...path(id), query: { limit } }, signal }),
    )
  ).data;

export const checksQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id, "checks"],
    queryFn: ({ signal }) => listChecks(id, CHECKS_SHOWN, signal),
  });

/** The newest check, looked for again and again: it may be somebody else's. */
export const newestCheckQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id, "newest-check"],
    queryFn: async ({ signal }) => (await listChecks(id, 1, signal)).items[0] ?? null,
    refetchInterval: WATCH_MS,
    staleTime: 0,
  });

export const checkQuery = (id: number) =>
  queryOptions({
    queryKey: ["check", id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/checks/{check_id}", { params: { path: { check_id: id } }, signal }))).data.check,
    refetchInterval: ({ state }) => (state.data?.status === "running" ? POLL_MS : false),
  });

/** The sentence of a check's cause in one language, for a text that goes to somebody else. */
export const sentenceQuery = (id: number, shown: Language) =>
  queryOptions({
    queryKey: ["check", id, "sentence", shown],
    queryFn: async ({ signal }) => {
      const headers = { "Accept-Language": shown };
      const params = { path: { check_id: id } };
      return (await ask(api.GET("/checks/{check_id}", { params, headers, signal }))).data.check.message;
    },
    staleTime: Infinity,
  });

export const fingerprintQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id, "fingerprint"],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/instances/{instance_id}/fingerprint", { params: path(id), signal }))).data
        .fingerprint,
  });

export const historyQuery = (id: number, page: number) =>
  queryOptions({
    queryKey: ["instance", id, "history", page],
    queryFn: async ({ signal }) => {
      const params = { ...path(id), query: { page, limit: CHANGES_SHOWN } };
      return (await ask(api.GET("/instances/{instance_id}/history", { params, signal }))).data;
    },
  });

/** Whether unattended checks leave the login of the instance alone; the list's filter knows. */
export const loginSuspendedQuery = (id: number) =>
  queryOptions({
    queryKey: ["instance", id, "login-suspended"],
    queryFn: async ({ signal }) => {
      const fields: (keyof Instance)[] = ["id"];
      const query = { id: [id], login_suspended: true, fields, limit: 1, count: false };
      return (await ask(api.GET("/instances", { params: { query }, signal }))).data.items.length > 0;
    },
    staleTime: 0,
  });

const SIBLING = [
  "id",
  "name",
  "last_outcome",
  "last_attempt_at",
  "role",
] as const satisfies (keyof Instance)[];

/** An instance of the same cluster. */
type Sibling = Pick<Instance, (typeof SIBLING)[number]>;

export const siblingsQuery = (clusterId: number) =>
  queryOptions({
    queryKey: ["instances", "of-cluster", clusterId],
    queryFn: async ({ signal }) => {
      const query = {
        cluster_id: [clusterId],
        fields: [...SIBLING],
        limit: 100,
        sort: "name" as const,
        order: "asc" as const,
      };
      const found = await ask(api.GET("/instances", { params: { query }, signal }));
      return found.data.items as Sibling[];
    },
  });

/** What tells apart endpoints of one host and port. */
type Twin = Pick<Instance, "id" | "name" | "service_name" | "sid" | "instance_name">;

/** Other instances that are registered for the same engine, host and port; the caller sifts by Oracle's and SQL Server's names. */
export const sameEndpointQuery = (at: Pick<Instance, "db_type" | "host" | "port">) =>
  queryOptions({
    queryKey: ["instances", "of-endpoint", at.db_type, at.host, at.port],
    queryFn: async ({ signal }) => {
      const fields: (keyof Twin)[] = ["id", "name", "service_name", "sid", "instance_name"];
      const query = {
        db_type: [at.db_type as "other"],
        host: [at.host],
        port: [at.port],
        fields,
        limit: 100,
      };
      const found = await ask(api.GET("/instances", { params: { query }, signal }));
      return found.data.items as Twin[];
    },
  });
