import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "@/api/client";
import type { Environment } from "@/api/types";
import type { Language } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";

const CHINESE = /[\u4e00-\u9fff]/;

export const environmentsQuery = queryOptions({
  queryKey: ["environments", "all"],
  queryFn: async ({ signal }) =>
    (await ask(api.GET("/environments", { params: { query: { limit: 100 } }, signal }))).data.items,
  staleTime: 60_000,
});

/** The name of an environment; of one that is called "生产 / Production" the half in the language that is shown. */
export function environmentName({ key, name }: Pick<Environment, "key" | "name">, shown: Language): string {
  if (!name) return key;
  const halves = name.split(" / ");
  const inChinese = halves.filter((half) => CHINESE.test(half));
  if (halves.length !== 2 || inChinese.length !== 1) return name;
  return halves.find((half) => CHINESE.test(half) === (shown === "zh")) ?? name;
}

/** The environment that a key stands for, by its name; until the server has told what it is, it is called by its key. */
export function useEnvironment(
  key: string | null | undefined,
): { name: string; isProduction: boolean } | null {
  const shown = useLanguage();
  const found = useQuery(environmentsQuery).data?.find((one) => one.key === key);
  if (!key) return null;
  return {
    name: found ? environmentName(found, shown) : key,
    isProduction: found?.is_production ?? false,
  };
}
