import { useCallback } from "react";
import { fieldRules } from "@/api/rules.gen";
import { useLanguage } from "@/i18n/texts";
import { withLabels } from "./sentences";
import { useFieldLabel } from "./useFieldLabel";

const isField = (name: string): boolean => Object.hasOwn(fieldRules.instance, name);

/** `withNames(sentence)`: a sentence of the API that names fields of an instance, with their labels beside them. */
export function useWithLabels(): (sentence: string) => string {
  const labelOf = useFieldLabel();
  const shown = useLanguage();
  return useCallback((sentence) => withLabels(sentence, { isField, labelOf, shown }), [labelOf, shown]);
}
