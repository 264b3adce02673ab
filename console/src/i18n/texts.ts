import i18next from "i18next";
import { useCallback, useSyncExternalStore } from "react";
import { type Language, language } from "./language";

/** `count` chooses between `…_one` and `…_other` in English; Chinese has `…_other` alone. */
type Plural<K extends string> = K extends `${infer Name}_other`
  ? Name
  : K extends `${string}_one`
    ? never
    : K;
export type Values = Record<string, string | number>;
export type Translate<K extends string> = (key: K, values?: Values) => string;

type Texts = Record<string, string>;
type SameKeys<Zh extends Texts, En extends Texts> =
  Exclude<Plural<keyof Zh & string>, Plural<keyof En & string>> extends never
    ? Exclude<Plural<keyof En & string>, Plural<keyof Zh & string>> extends never
      ? unknown
      : { error: "English has a text that Chinese lacks" }
    : { error: "Chinese has a text that English lacks" };

function subscribe(changed: () => void): () => void {
  i18next.on("languageChanged", changed);
  return () => i18next.off("languageChanged", changed);
}

/** The language that is shown; the component is drawn anew when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

/**
 * The texts of one feature in both languages, and the hook that gives them.
 *
 * A text that one language lacks does not compile. `{{name}}` in a text is filled from the values.
 */
export function defineTexts<const Zh extends Texts, const En extends Texts>(
  feature: string,
  texts: { zh: Zh; en: En } & SameKeys<Zh, En>,
): { useTexts: () => Translate<Plural<keyof En & string>>; text: Translate<Plural<keyof En & string>> } {
  i18next.addResourceBundle("zh", feature, texts.zh, true, true);
  i18next.addResourceBundle("en", feature, texts.en, true, true);
  const text: Translate<Plural<keyof En & string>> = (key, values) =>
    i18next.t(key, { ...values, ns: feature, nsSeparator: false, keySeparator: false });
  function useTexts(): Translate<Plural<keyof En & string>> {
    const shown = useLanguage();
    // A new function for a new language, so that whatever is memoized by it is made anew.
    return useCallback((key, values) => text(key, { ...values, lng: shown }), [shown]);
  }
  return { useTexts, text };
}
