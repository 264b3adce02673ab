import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, ask } from "@/api/client";
import { useLanguage } from "@/i18n/texts";
import { useMe } from "@/session/me";
import { environmentName, environmentsQuery } from "@/words/environments";
import { isFieldWord, useFieldTexts } from "@/words/fields";
import { useWord } from "@/words/values";
import type { Item } from "../queries";
import { aliasesWith } from "./aliases";
import { type Aliases, filterRules } from "./filter";
import type { Choice, Sources } from "./suggest";
import { useFilterTexts } from "./texts";

const NAMED: Record<string, "tags" | "clusters" | "credentials"> = {
  tags: "tags",
  any_tags: "tags",
  not_tags: "tags",
  cluster: "clusters",
  credential: "credentials",
  admin_credential: "credentials",
};

/** Chinese names of keys and values, and names of environments, as the filter reads them. */
export function useAliases(): Aliases {
  const environments = useQuery(environmentsQuery).data;
  return useMemo(() => {
    const names = (environments ?? []).flatMap((one): [string, string][] =>
      (["zh", "en"] as const).map((shown) => [environmentName(one, shown), one.key]),
    );
    return aliasesWith(new Map(names));
  }, [environments]);
}

/** Names of tags, clusters or credentials that hold what is typed. */
function useNames(key: string | null, typed: string): readonly Choice[] {
  const kind = key === null ? undefined : NAMED[key];
  const found = useQuery({
    queryKey: [kind, "names", typed],
    queryFn: async ({ signal }) => {
      const query = { limit: 30, search: typed || undefined };
      const path = `/${kind ?? "tags"}` as "/tags";
      return (await ask(api.GET(path, { params: { query }, signal }))).data.items;
    },
    enabled: kind !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return useMemo(() => (found.data ?? []).map((one) => ({ value: one.name, hint: "" })), [found.data]);
}

/** Values of a field that the rows hold which were loaded: the API has no list of them. */
function seenValues(pages: readonly (readonly Item[] | undefined)[], key: string): string[] {
  const seen = new Set<string>();
  for (const page of pages) {
    for (const item of page ?? []) {
      const value = item[key as keyof Item];
      if (typeof value === "string" || typeof value === "number") seen.add(String(value));
    }
  }
  return [...seen].sort();
}

function dayAgo(days: number): string {
  const day = new Date(Date.now() - days * 86_400_000);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

/** What may be completed; `key` and `typed` are where the caret stands. */
export function useSources(aliases: Aliases, key: string | null, typed: string): Sources {
  const t = useFilterTexts();
  const field = useFieldTexts();
  const word = useWord();
  const shown = useLanguage();
  const me = useMe();
  const queries = useQueryClient();
  const environments = useQuery(environmentsQuery).data;
  const names = useNames(key, typed);

  return useMemo(() => {
    const byKind = (of: string): Choice[] => {
      const rule = filterRules[of];
      if (rule?.kind === "boolean")
        return [
          { value: "yes", hint: t("yes") },
          { value: "no", hint: t("no") },
        ];
      if (rule?.kind === "enum")
        return (rule.enum ?? []).map((one) => ({ value: one, hint: word(one) === one ? "" : word(one) }));
      if (rule?.kind === "time")
        return [
          { value: "1h", hint: t("hours", { count: 1 }) },
          { value: "24h", hint: t("hours", { count: 24 }) },
          { value: "7d", hint: t("days", { count: 7 }) },
          { value: "30d", hint: t("days", { count: 30 }) },
          { value: dayAgo(0), hint: t("today") },
        ];
      if (of === "criticality" || of === "criticality_max")
        return ["1", "2", "3", "4"].map((one) => ({ value: one, hint: "" }));
      if (of === "environment")
        return (environments ?? []).map((one) => ({ value: one.key, hint: environmentName(one, shown) }));
      if (of === key && NAMED[of]) return [...names];
      const pages = queries.getQueriesData<readonly Item[]>({ queryKey: ["instances", "list"] });
      const seen = seenValues(
        pages.map(([, page]) => page),
        of,
      );
      const mine = of === "owner" && me ? [{ value: me.username, hint: t("me") }] : [];
      return [
        ...mine,
        ...seen.filter((one) => one !== mine[0]?.value).map((one) => ({ value: one, hint: "" })),
      ];
    };
    return {
      keyOf: (typedKey) => {
        const low = typedKey.toLowerCase();
        if (low === "-tags") return "not_tags";
        return Object.hasOwn(filterRules, low) ? low : aliases.key(typedKey);
      },
      labelOf: (of) => (isFieldWord(of) ? field(of) : of),
      choices: (of) =>
        filterRules[of]?.nullable ? [...byKind(of), { value: "", hint: t("empty") }] : byKind(of),
    };
  }, [t, field, word, shown, me, queries, environments, names, key, aliases]);
}
