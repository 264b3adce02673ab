import { useQuery } from "@tanstack/react-query";
import { aboutQuery } from "@/api/about";
import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { TIME_LIMITS } from "@/words/fields";
import { useHintTexts } from "../fieldTexts";
import { TextInput } from "./controls";

/** How long a check may wait; what holds where a field is empty is the server's own. */
export function TimeLimits() {
  const hint = useHintTexts();
  const shown = useLanguage();
  const defaults = useQuery(aboutQuery).data?.settings.check_defaults;
  return TIME_LIMITS.map((field) => (
    <TextInput
      key={field}
      field={field}
      mono
      suffix="ms"
      hint={defaults ? hint("timeout", { ms: count(defaults[field], shown) }) : hint("timeoutOpen")}
    />
  ));
}
