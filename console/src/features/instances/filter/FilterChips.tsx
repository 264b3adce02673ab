import { X } from "lucide-react";
import type { Search } from "@/app/search";
import { IconButton } from "@/parts/IconButton";
import { useFieldTexts, isFieldWord } from "@/words/fields";
import { useWord } from "@/words/values";
import { chipsOf } from "./chips";
import { type Filter, filterRules, without } from "./filter";
import { useFilterTexts } from "./texts";

/** A key in the language that is shown. */
function useFilterLabel(): (key: string) => string {
  const t = useFilterTexts();
  const field = useFieldTexts();
  return (key) => (key === "search" ? t("search") : isFieldWord(key) ? field(key) : key);
}

function useShownValue(): (key: string, value: string) => string {
  const t = useFilterTexts();
  const word = useWord();
  return (key, value) => {
    if (value === "") return t("empty");
    if (key === "search") return t("quoted", { text: value });
    if (filterRules[key]?.kind === "boolean")
      return value === "true" ? t("yes") : value === "false" ? t("no") : value;
    return filterRules[key]?.kind === "enum" ? word(value) : value;
  };
}

/** What is not applied, and why. */
export function FilterFaults({ filter, text }: { filter: Filter; text: string }) {
  const t = useFilterTexts();
  const faults = filter.tokens.filter((token) => token.fault !== null);
  if (faults.length === 0) return null;
  return (
    <div id="filter-faults" className="filter-faults" role="status">
      <ul>
        {faults.map((token) => (
          <li key={token.start}>
            {t("ignored")}
            <code>{text.slice(token.start, token.end)}</code>{" "}
            {token.fault && t(token.fault.code, token.fault.values)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the text says, condition by condition; each can be taken away. What is not applied has no chip. */
export function FilterChips({
  search,
  filter,
  onQuery,
}: {
  search: Search;
  filter: Filter;
  onQuery: (query: Search) => void;
}) {
  const t = useFilterTexts();
  const label = useFilterLabel();
  const shown = useShownValue();
  return (
    <ul className="filter-chips" aria-label={t("chips")}>
      {chipsOf(filter).map(({ key, values }) => {
        const each = values.map((value) => shown(key, value));
        const said = each.length === 1 ? each[0] : t("values", { count: values.length });
        return (
          <li
            key={`${key}:${values.join()}`}
            className="filter-chip"
            title={key === "search" ? t("searched") : each.length > 1 ? each.join(", ") : undefined}
          >
            <span className="cut">
              <span className="soft">{label(key)}</span> {said}
            </span>
            <IconButton
              icon={X}
              size={12}
              label={t("remove", { text: `${label(key)} ${said}` })}
              onClick={() => onQuery(values.reduce((rest, value) => without(rest, key, value), search))}
            />
          </li>
        );
      })}
    </ul>
  );
}
