import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { searchedQuery } from "@/api/lists";
import type { components } from "@/api/schema";
import type { Credential } from "@/api/types";
import type { Registered } from "./within";

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

/** As many instances are read to count what lies within a binding: five calls at most for each kind of login. */
export const MOST_COUNTED = 500;
const PAGE = 100;

type Found = Registered & { id: number };

async function registered(
  filter: { credential_id: number[] } | { admin_credential_id: number[] },
  signal: AbortSignal,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let page = 1; page <= MOST_COUNTED / PAGE; page += 1) {
    const fields = ["db_type" as const, "host" as const, "port" as const];
    const query = { ...filter, include_deleted: true, fields, page, limit: PAGE };
    const { items, pages } = (await ask(api.GET("/instances", { params: { query }, signal }))).data;
    // What is asked for is there; the document leaves every field open.
    found.push(...(items as Found[]));
    if (pages === null || page >= pages) break;
  }
  return found;
}

/** Where the instances are registered that use a credential, those in the bin included; each once. */
export const registeredQuery = ({ id, usage_count }: Pick<Credential, "id" | "usage_count">) =>
  queryOptions({
    queryKey: ["instances", "of-credential", id],
    queryFn: async ({ signal }): Promise<Registered[]> => {
      const [own, admin] = await Promise.all([
        registered({ credential_id: [id] }, signal),
        registered({ admin_credential_id: [id] }, signal),
      ]);
      return [...new Map([...own, ...admin].map((one) => [one.id, one])).values()];
    },
    enabled: usage_count > 0 && usage_count <= MOST_COUNTED,
  });

type Schemas = components["schemas"];

/** The document's types ask for every member that has a default; the API does not. */
export const asCreation = (
  body: Partial<Omit<Schemas["CreateCredential"], "bindings">> & { bindings: object },
) => body as Schemas["CreateCredential"];
export const asPatch = (body: object) => body as Schemas["PatchCredential"];
