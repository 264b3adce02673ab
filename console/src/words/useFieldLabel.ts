import { useCallback } from "react";
import { type FieldWord, isFieldWord, useFieldTexts } from "./fields";

/** Fields that a form sends by id or by name, and what they are to who reads. */
const SAME: Readonly<Record<string, FieldWord>> = {
  cluster_id: "cluster",
  credential_id: "credential",
  admin_credential_id: "admin_credential",
  tag_names: "tags",
};

/** `label("db_type")`: a field of an instance in words; `custom.rack` keeps its own part, an unknown field its name. */
export function useFieldLabel(): (field: string) => string {
  const t = useFieldTexts();
  return useCallback(
    (field) => {
      const [first = "", ...rest] = field.split(".");
      const word = SAME[first] ?? first;
      return [isFieldWord(word) ? t(word) : word, ...rest].join(" · ");
    },
    [t],
  );
}
