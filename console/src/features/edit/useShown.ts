import { useCallback } from "react";
import { exactTime } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { useWord } from "@/words/values";
import { useValueTexts } from "./fieldTexts";
import type { Field } from "./fields";

const KEYED = new Set<string>(["lifecycle", "endpoint_kind", "platform", "db_type"] satisfies Field[]);

const isThing = (value: object): value is { id: number; name: string } => "id" in value && "name" in value;

/** A value of a field as text for people; the empty text where there is none. */
export function useShown(): (field: string, value: unknown) => string {
  const t = useValueTexts();
  const parts = usePartTexts();
  const word = useWord();
  return useCallback(
    (field, value) => {
      if (value === null || value === undefined || value === "") return "";
      if (typeof value === "boolean") return parts(value ? "yes" : "no");
      if (Array.isArray(value)) return value.join(", ");
      if (typeof value === "object") {
        if (isThing(value)) return value.name;
        return Object.entries(value)
          .map(([key, each]) => `${key} = ${each === null ? t("empty") : String(each)}`)
          .join("\n");
      }
      const text = String(value);
      if (field === "muted_until") return exactTime(text);
      if (field.endsWith("_ms")) return `${text} ms`;
      if (KEYED.has(field)) return word(text);
      const lines = text.trim().split("\n");
      return text.startsWith("-----BEGIN") ? `${lines[0] ?? ""}${t("more", { lines: lines.length })}` : text;
    },
    [t, parts, word],
  );
}
