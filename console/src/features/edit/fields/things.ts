import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "@/api/client";
import { language } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";
import { environmentName } from "@/words/environments";

export type Kind = "tags" | "environments" | "clusters" | "credentials";

/** One thing that an instance can refer to. */
export interface Thing {
  id: number;
  /** What the instance holds of it: the key of an environment, the name of a tag, the id of the others. */
  value: string;
  label: string;
  /** Stands second: a login's user, a cluster's kind. */
  aside: string;
}

const most = (search: string) => ({ limit: 100, ...(search !== "" && { search }) });

const READERS: Record<Kind, (search: string, signal: AbortSignal) => Promise<Thing[]>> = {
  tags: async (search, signal) =>
    (await ask(api.GET("/tags", { params: { query: most(search) }, signal }))).data.items.map((one) => ({
      id: one.id,
      value: one.name,
      label: one.name,
      aside: "",
    })),
  environments: async (search, signal) =>
    (await ask(api.GET("/environments", { params: { query: most(search) }, signal }))).data.items.map(
      (one) => ({ id: one.id, value: one.key, label: environmentName(one, language()), aside: one.key }),
    ),
  clusters: async (search, signal) =>
    (await ask(api.GET("/clusters", { params: { query: most(search) }, signal }))).data.items.map((one) => ({
      id: one.id,
      value: String(one.id),
      label: one.name,
      aside: one.kind,
    })),
  credentials: async (search, signal) =>
    (await ask(api.GET("/credentials", { params: { query: most(search) }, signal }))).data.items.map(
      (one) => ({ id: one.id, value: String(one.id), label: one.name, aside: one.username }),
    ),
};

/** The first hundred that match; who has more of them types to find. */
export function useThings(kind: Kind, search = "") {
  const shown = useLanguage();
  return useQuery({
    queryKey: [kind, "choices", search, shown],
    queryFn: ({ signal }) => READERS[kind](search, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** What was typed, a moment after the last key. */
export function useSettled(text: string, ms = 150): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
