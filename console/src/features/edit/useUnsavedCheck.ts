import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { fieldRules } from "@/api/rules.gen";
import type { components } from "@/api/schema";
import type { Check } from "@/api/types";
import { type Field, FIELDS, jsonOf, type Values } from "./fields";

type Endpoint = components["schemas"]["CheckEndpoint"];

/** A login for one check alone; it is kept nowhere. */
export interface OwnLogin {
  username: string;
  password: string;
}

const ENDPOINT_FIELDS = FIELDS.filter((field) => field in fieldRules.endpoint);

/** What a check of what is typed in sends; a certificate without its key, which only the server has, stays away. */
export function endpointOf(values: Values, own: OwnLogin | null): Record<string, unknown> {
  const left = new Set<Field>(own ? ["credential_id"] : []);
  if (values.tls_client_key === null || values.tls_client_key === "") left.add("tls_client_cert");
  const given = ENDPOINT_FIELDS.filter((field) => !left.has(field))
    .map((field) => [field, jsonOf(field, values, null)] as const)
    .filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), ...(own ?? {}) };
}

/** To tell one endpoint from another; a password is not kept for that. */
const textOf = (body: Record<string, unknown>): string => JSON.stringify({ ...body, password: undefined });

const POLL_MS = 300;

/** One check of an endpoint that is not registered, seen while it runs. */
export function useUnsavedCheck() {
  const [watched, setWatched] = useState<{ id: number; body: string } | null>(null);
  const begin = useMutation({
    mutationFn: async (body: Record<string, unknown>) => {
      setWatched(null);
      const params = { query: { wait: false } };
      const answer = await ask(api.POST("/checks", { params, body: body as unknown as Endpoint }));
      return answer.data.check as Check;
    },
    onSuccess: (check, body) => setWatched({ id: check.id, body: textOf(body) }),
    gcTime: 0,
  });
  const watching = useQuery({
    queryKey: ["check", watched?.id, "unsaved"],
    enabled: watched !== null,
    queryFn: async ({ signal }) => {
      const params = { path: { check_id: watched?.id ?? 0 } };
      return (await ask(api.GET("/checks/{check_id}", { params, signal }))).data.check as Check;
    },
    refetchInterval: ({ state }) => (state.data?.status === "finished" || state.error ? false : POLL_MS),
    staleTime: Infinity,
  });
  const check = watched === null ? null : (watching.data ?? begin.data ?? null);
  return {
    check,
    error: begin.error ?? watching.error,
    isRunning: begin.isPending || check?.status === "running",
    run: (body: Record<string, unknown>) => begin.mutate(body),
    stop: () => setWatched(null),
    /** Whether what was checked is still what is typed in. */
    isOf: (body: Record<string, unknown>) => watched?.body === textOf(body),
  };
}
