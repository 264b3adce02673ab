import { api, ask } from "@/api/client";
import { etag, type Why, whyHeaders } from "@/api/headers";
import { ApiError } from "@/api/errors";
import type { components } from "@/api/schema";
import { lastAuthorOf } from "@/changes/lastChange";
import type { AuditEvent, Instance, Notice } from "@/api/types";
import type { Body } from "./fields";

type Schemas = components["schemas"];
/** One field of a thing, before and after; the document leaves the values open. */
interface FieldChange {
  field: string;
  before?: unknown;
  after?: unknown;
  /** Its values are in no answer. */
  secret?: boolean;
}

export type Would = Omit<Schemas["Would"], "changes"> & { changes: readonly FieldChange[] };

export interface Written {
  instance: Instance;
  warnings: readonly Notice[];
  /** What a dry run would have changed; empty for a real write. */
  would: readonly Would[];
}

interface Answer {
  data: { instance: Instance };
  meta?: { warnings?: readonly Notice[]; dry_run?: { changes: readonly Would[] } | null } | null;
}

const writtenOf = ({ data, meta }: Answer): Written => ({
  instance: data.instance,
  warnings: meta?.warnings ?? [],
  would: meta?.dry_run?.changes ?? [],
});

export async function readInstance(id: number, signal?: AbortSignal): Promise<Instance> {
  const params = { path: { instance_id: id } };
  const answer = await ask(api.GET("/instances/{instance_id}", { params, signal }));
  return answer.data.instance as Instance;
}

export async function createInstance(
  body: Body,
  { why, key, dryRun = false }: { why: Why; key?: string; dryRun?: boolean },
): Promise<Written> {
  const header = { ...whyHeaders(why), ...(key !== undefined && { "Idempotency-Key": key }) };
  const params = { header, query: dryRun ? { dry_run: true } : {} };
  const answer = await ask(
    api.POST("/instances", { params, body: body as unknown as Schemas["CreateInstance"] }),
  );
  return writtenOf(answer as Answer);
}

export async function patchInstance(
  { id, version }: Pick<Instance, "id" | "version">,
  body: Body,
  { why, dryRun = false }: { why: Why; dryRun?: boolean },
): Promise<Written> {
  const params = {
    path: { instance_id: id },
    header: { ...whyHeaders(why), "If-Match": etag(version) },
    query: dryRun ? { dry_run: true } : {},
  };
  const answer = await ask(
    api.PATCH("/instances/{instance_id}", { params, body: body as unknown as Schemas["PatchInstance"] }),
  );
  return writtenOf(answer as Answer);
}

/** Who made the newest version and when, as far as the history says. */
export async function lastAuthor(id: number): Promise<Pick<AuditEvent, "actor" | "at"> | null> {
  const params = { path: { instance_id: id }, query: { limit: 20 } };
  const answer = await ask(api.GET("/instances/{instance_id}/history", { params }));
  return lastAuthorOf(answer.data.items);
}

/** A key that no other call has; `crypto.randomUUID` exists on secure origins alone, this everywhere. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Keys of one form: the same content keeps its key for as long as nobody knows whether it was written.
 *
 * A refusal is an answer: the next attempt is a call of its own.
 */
export function keyring(make: () => string = newKey) {
  let kept: { content: string; key: string } | null = null;
  return {
    keyOf(content: string): string {
      if (kept?.content !== content) kept = { content, key: make() };
      return kept.key;
    },
    settle(error: unknown): void {
      const isUnknown = !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
      if (!isUnknown) kept = null;
    },
  };
}
