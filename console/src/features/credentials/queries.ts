import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { searchedQuery } from "@/api/lists";
import type { components } from "@/api/schema";
import type { Credential } from "@/api/types";

export const credentialsQuery = searchedQuery(
  "credentials",
  async (query, signal) => (await ask(api.GET("/credentials", { params: { query }, signal }))).data,
);

export const credentialQuery = (id: number) =>
  queryOptions({
    queryKey: ["credential", id],
    queryFn: async ({ signal }) => {
      const params = { path: { credential_id: id } };
      return (await ask(api.GET("/credentials/{credential_id}", { params, signal }))).data.credential;
    },
  });

export type Reach = components["schemas"]["Reach"];

/** How many instances lie within each binding that a credential has; stale with whatever changes an instance. */
export const reachQuery = ({ id, version }: Pick<Credential, "id" | "version">) =>
  queryOptions({
    queryKey: ["instances", "reach", id, version],
    queryFn: async ({ signal }) => {
      const params = { path: { credential_id: id } };
      return (await ask(api.GET("/credentials/{credential_id}/reach", { params, signal }))).data.reach;
    },
  });

type Schemas = components["schemas"];

/** The document's types ask for every member that has a default; the API does not. */
export const asCreation = (
  body: Partial<Omit<Schemas["CreateCredential"], "bindings">> & { bindings: object },
) => body as Schemas["CreateCredential"];
export const asPatch = (body: object) => body as Schemas["PatchCredential"];
