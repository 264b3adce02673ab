import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";

export const credentialsQuery = (page: number, limit: number, search: string) =>
  queryOptions({
    queryKey: ["credentials", page, limit, search],
    queryFn: async ({ signal }) => {
      const query = { page, limit, ...(search && { search }) };
      return (await ask(api.GET("/credentials", { params: { query }, signal }))).data;
    },
    placeholderData: keepPreviousData,
  });

export const credentialQuery = (id: number) =>
  queryOptions({
    queryKey: ["credential", id],
    queryFn: async ({ signal }) => {
      const params = { path: { credential_id: id } };
      return (await ask(api.GET("/credentials/{credential_id}", { params, signal }))).data.credential;
    },
  });

type Schemas = components["schemas"];

/** The document's types ask for every member that has a default; the API does not. */
export const asCreation = (
  body: Partial<Omit<Schemas["CreateCredential"], "bindings">> & { bindings: object },
) => body as Schemas["CreateCredential"];
export const asPatch = (body: object) => body as Schemas["PatchCredential"];
