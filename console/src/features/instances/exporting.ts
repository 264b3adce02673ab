import { App } from "antd";
import { createElement } from "react";
import { download } from "@/api/client";
import { stringifySearch } from "@/app/search";
import { Problem } from "@/parts/Problem";

export const FORMATS = ["csv", "xlsx", "yaml", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** Fetch the file of what `asked` selects; a refusal is told. */
export function useExport(): (format: Format, asked: Record<string, string[]>) => void {
  const { notification } = App.useApp();
  return (format, asked) => {
    download(`/instances/export${stringifySearch({ format, ...asked })}`).catch((error: unknown) => {
      notification.error({
        title: "",
        icon: null,
        description: createElement(Problem, { error }),
        duration: 0,
      });
    });
  };
}
