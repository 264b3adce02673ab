import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import { ApiError } from "@/api/errors";
import { NO_WHY, type Why, whyHeaders } from "@/api/headers";
import { firstLine } from "./csv";
import type { Import } from "./types";
import type { Wizard } from "./wizard";

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
        header: dryRun ? {} : whyHeaders(options),
      },
      body: { file: file.name },
      bodySerializer: () => form,
    }),
  );
  return { ...answer.data.import, warnings: answer.meta?.warnings ?? [] };
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

/** Tell what undoing an import would do; nothing is written. */
export const rehearseUndo = (id: number, force: boolean) => sendUndo(id, { force, dryRun: true });

/** Undo an import; `force` also where instances were changed since. */
export const undoImport = (id: number, force: boolean, why: Why) =>
  sendUndo(id, { force, dryRun: false, why });

async function sendUndo(id: number, asked: { force: boolean; dryRun: boolean; why?: Why }) {
  const { force, dryRun, why = NO_WHY } = asked;
  const params = { path: { import_id: id }, query: { dry_run: dryRun }, header: whyHeaders(why) };
  const answer = await ask(api.POST("/imports/{import_id}/undo", { params, body: { force } }));
  return answer.data;
}
