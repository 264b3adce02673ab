import type { Environment } from "@/api/types";
import type { Language } from "@/i18n/language";

const CHINESE = /[\u4e00-\u9fff]/;

/** The name of an environment; of one that is called "生产 / Production" the half in the language that is shown. */
export function environmentName({ key, name }: Pick<Environment, "key" | "name">, shown: Language): string {
  if (!name) return key;
  const halves = name.split(" / ");
  const inChinese = halves.filter((half) => CHINESE.test(half));
  if (halves.length !== 2 || inChinese.length !== 1) return name;
  return halves.find((half) => CHINESE.test(half) === (shown === "zh")) ?? name;
}
