import { useCallback } from "react";
import { useLanguage } from "@/i18n/texts";
import { usePartTexts } from "@/parts/texts";
import { useWord } from "./values";

/** Fields whose values are words of the API; a name or a text of somebody's own is never translated. */
const WORDED = new Set([
  "db_type",
  "platform",
  "lifecycle",
  "endpoint_kind",
  "status",
  "role",
  "tls_state",
  "last_outcome",
]);
/** A moment as the API writes it: with its offset from UTC. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export interface Words {
  word: (value: string) => string;
  yes: string;
  no: string;
  moment: (at: string) => string;
}

/** A value of a field as people read it; what has no word stays as it is. */
export function sayWith({ word, yes, no, moment }: Words, field: string, value: unknown): unknown {
  if (typeof value === "boolean") return value ? yes : no;
  if (typeof value !== "string") return value;
  if (WORDED.has(field)) return word(value);
  return MOMENT.test(value) && /_(at|until|time|since|after|connected)$/.test(field) ? moment(value) : value;
}

/** `say("is_active", true)`: "yes", in the language that is shown; moments in local time with their zone. */
export function useSay(): (field: string, value: unknown) => unknown {
  const word = useWord();
  const parts = usePartTexts();
  const shown = useLanguage();
  const yes = parts("yes");
  const no = parts("no");
  return useCallback(
    (field, value) => {
      const form = new Intl.DateTimeFormat(shown === "zh" ? "zh-CN" : "en-GB", {
        dateStyle: "medium",
        timeStyle: "long",
      });
      return sayWith({ word, yes, no, moment: (at) => form.format(new Date(at)) }, field, value);
    },
    [word, yes, no, shown],
  );
}
