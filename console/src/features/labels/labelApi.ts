import { api, ask } from "@/api/client";
import { etag, type Why, whyHeaders } from "@/api/headers";
import { type SearchedQuery, searchedQuery } from "@/api/lists";
import type { components } from "@/api/schema";
import type { Cluster, Environment, Tag } from "@/api/types";
import type { Action } from "@/session/me";

type Schemas = components["schemas"];

/** What tags, environments and clusters have in common: how each is read and written. */
export interface LabelApi<T, B> {
  /** The first part of the keys of its queries. */
  key: string;
  /** What the audit log calls it. */
  entityType: string;
  /** The filter of instances that finds those that use it. */
  filter: (label: T) => Record<string, string>;
  nameOf: (label: T) => string;
  needs: { create: Action; update: Action; remove: Action };
  list: SearchedQuery<T>;
  read: (id: number) => Promise<T>;
  create: (body: B) => Promise<T>;
  patch: (id: number, version: number, body: Partial<B>) => Promise<T>;
  /** `detach`: take it off all instances first, where the API can do that. */
  remove: (label: T, how: { why: Why; detach: boolean }) => Promise<unknown>;
}

const match = (version: number): { "If-Match": string } => ({ "If-Match": etag(version) });

export const tagApi: LabelApi<Tag, Schemas["CreateTag"]> = {
  key: "tags",
  entityType: "tag",
  filter: (tag) => ({ tags: tag.name }),
  nameOf: (tag) => tag.name,
  needs: { create: "create", update: "update", remove: "delete" },
  list: searchedQuery(
    "tags",
    async (query, signal) => (await ask(api.GET("/tags", { params: { query }, signal }))).data,
  ),
  read: async (id) => (await ask(api.GET("/tags/{tag_id}", { params: { path: { tag_id: id } } }))).data.tag,
  create: async (body) => (await ask(api.POST("/tags", { body }))).data.tag,
  patch: async (id, version, body) =>
    (
      await ask(
        api.PATCH("/tags/{tag_id}", {
          params: { path: { tag_id: id }, header: match(version) },
          body: body as Schemas["PatchTag"],
        }),
      )
    ).data.tag,
  remove: ({ id, version }, { why, detach }) => {
    const header = { ...match(version), ...whyHeaders(why) };
    const params = { path: { tag_id: id }, header, query: { detach } };
    return ask(api.DELETE("/tags/{tag_id}", { params }));
  },
};

export const environmentApi: LabelApi<Environment, Schemas["CreateEnvironment"]> = {
  key: "environments",
  entityType: "environment",
  filter: (environment) => ({ environment: environment.key }),
  nameOf: (environment) => environment.name ?? environment.key,
  needs: { create: "update", update: "update", remove: "update" },
  list: searchedQuery(
    "environments",
    async (query, signal) => (await ask(api.GET("/environments", { params: { query }, signal }))).data,
  ),
  read: async (id) =>
    (await ask(api.GET("/environments/{environment_id}", { params: { path: { environment_id: id } } }))).data
      .environment,
  create: async (body) => (await ask(api.POST("/environments", { body }))).data.environment,
  patch: async (id, version, body) =>
    (
      await ask(
        api.PATCH("/environments/{environment_id}", {
          params: { path: { environment_id: id }, header: match(version) },
          body: body as Schemas["PatchEnvironment"],
        }),
      )
    ).data.environment,
  remove: ({ id, version }, { why }) => {
    const params = { path: { environment_id: id }, header: { ...match(version), ...whyHeaders(why) } };
    return ask(api.DELETE("/environments/{environment_id}", { params }));
  },
};

export const clusterApi: LabelApi<Cluster, Schemas["CreateCluster"]> = {
  key: "clusters",
  entityType: "cluster",
  filter: (cluster) => ({ cluster: cluster.name }),
  nameOf: (cluster) => cluster.name,
  needs: { create: "update", update: "update", remove: "update" },
  list: searchedQuery(
    "clusters",
    async (query, signal) => (await ask(api.GET("/clusters", { params: { query }, signal }))).data,
  ),
  read: async (id) =>
    (await ask(api.GET("/clusters/{cluster_id}", { params: { path: { cluster_id: id } } }))).data.cluster,
  create: async (body) => (await ask(api.POST("/clusters", { body }))).data.cluster,
  patch: async (id, version, body) =>
    (
      await ask(
        api.PATCH("/clusters/{cluster_id}", {
          params: { path: { cluster_id: id }, header: match(version) },
          body: body as Schemas["PatchCluster"],
        }),
      )
    ).data.cluster,
  remove: ({ id, version }, { why }) => {
    const params = { path: { cluster_id: id }, header: { ...match(version), ...whyHeaders(why) } };
    return ask(api.DELETE("/clusters/{cluster_id}", { params }));
  },
};
