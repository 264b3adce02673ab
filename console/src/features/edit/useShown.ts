import { useCallback } from "react";
import { useSay } from "@/words/useSay";
import { useValueTexts } from "./fieldTexts";

const isThing = (value: object): value is { id: number; name: string } => "id" in value && "name" in value;

/** A value of a field as text for people; the empty text where there is none. */
export function useShown(): (field: string, value: unknown) => string {
  const t = useValueTexts();
  const say = useSay();
  return useCallback(
    (field, value) => {
      if (value === null || value === undefined || value === "") return "";
      if (typeof value === "object" && isThing(value)) return value.name;
      const said = say(field, value);
      if (Array.isArray(said)) return said.join(", ");
      if (typeof said === "object" && said !== null)
        return Object.entries(said)
          .map(([key, each]) => `${key} = ${String(each)}`)
          .join("\n");
      const text = String(said);
      const lines = text.trim().split("\n");
      return text.startsWith("-----BEGIN") ? `${lines[0] ?? ""}${t("more", { lines: lines.length })}` : text;
    },
    [t, say],
  );
}
