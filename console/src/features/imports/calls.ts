import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { ApiError } from "@/api/errors";
import { firstLine } from "./csv";
import type { Import } from "./types";
import type { Wizard } from "./wizard";

/** A text as a header takes it: beyond ASCII as UTF-8'' with percent signs. */
export function headerText(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return /^[ -~]*$/.test(line) ? line : `UTF-8''${encodeURIComponent(line)}`;
}

/** Why a change is made, for the audit trail; what is empty is not sent. */
export function changeHeaders({
  reason,
  ticket,
}: {
  reason: string;
  ticket: string;
}): Record<string, string> {
  return {
    ...(reason.trim() ? { "X-Change-Reason": headerText(reason) } : {}),
    ...(ticket.trim() ? { "X-Change-Ticket": headerText(ticket) } : {}),
  };
}

/** Send the file with all that was said of it; `dryRun` writes nothing. */
export async function sendFile(wizard: Wizard, { dryRun }: { dryRun: boolean }): Promise<Import> {
  const { file, mapping, corrections, options } = wizard;
  if (file === null) throw new Error("no file");
  const form = new FormData();
  form.append("file", file, file.name);
  if (Object.keys(mapping).length > 0) form.append("mapping", JSON.stringify(mapping));
  if (Object.keys(corrections).length > 0) form.append("corrections", JSON.stringify(corrections));
  const answer = await ask(
    api.POST("/instances/import", {
      params: {
        query: {
          dry_run: dryRun,
          partial: !dryRun && options.partial,
          empty: options.empty,
          // What a column means is asked here; a rehearsal need not fail for it.
          ...(dryRun ? { columns: "tell" as const } : {}),
          ...(options.utcOffset ? { utc_offset: options.utcOffset } : {}),
        },
        header: dryRun ? {} : changeHeaders(options),
      },
      body: { file: file.name },
      bodySerializer: () => form,
    }),
  );
  return answer.data.import;
}

/** A copy of the file that stays what it is, whatever becomes of the one on the disk. */
export async function keptFile(file: File): Promise<File> {
  return new File([await file.arrayBuffer()], file.name, { type: file.type });
}

export interface Field {
  field: string;
  zh: string;
}

async function templateHeaders(language: "zh" | "en"): Promise<string[]> {
  const { data, response } = await api.GET("/instances/import/template", {
    params: { query: { format: "csv", language } },
    parseAs: "text",
  });
  if (typeof data !== "string") throw new ApiError(response.status, null);
  return firstLine(data);
}

/** The fields that a column can be, with their Chinese headers: those of the template, in its order. */
export const fieldsQuery = queryOptions({
  queryKey: ["imports", "fields"],
  queryFn: async (): Promise<Field[]> => {
    const [fields, chinese] = await Promise.all([templateHeaders("en"), templateHeaders("zh")]);
    return fields.map((field, index) => ({ field, zh: chinese[index] ?? field }));
  },
  staleTime: Infinity,
});

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/imports/{import_id}", { params: { path: { import_id: id } }, signal }))).data
        .import,
    staleTime: 60_000,
  });

export const importsQuery = (page: number, limit: number) =>
  queryOptions({
    queryKey: ["imports", "list", { page, limit }],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/imports", { params: { query: { page, limit } }, signal }))).data,
  });

/** Undo an import, or with `dryRun` tell what that would do. */
export async function undoImport(
  id: number,
  {
    force,
    dryRun,
    reason = "",
    ticket = "",
  }: { force: boolean; dryRun: boolean; reason?: string; ticket?: string },
) {
  const answer = await ask(
    api.POST("/imports/{import_id}/undo", {
      params: {
        path: { import_id: id },
        query: { dry_run: dryRun },
        header: dryRun ? {} : changeHeaders({ reason, ticket }),
      },
      body: { force },
    }),
  );
  return answer.data;
}
