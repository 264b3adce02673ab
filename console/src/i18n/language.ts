import i18next from "i18next";

export type Language = "zh" | "en";
const KEPT = "muster.language";

/** Chinese for who asks for Chinese before English, English otherwise; what somebody chose here goes first. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  const liked = navigator.languages.find((one) => /^(zh|en)\b/i.test(one));
  return liked?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function language(): Language {
  return i18next.language === "zh" ? "zh" : "en";
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(chosen);
}

const first = firstLanguage();
document.documentElement.lang = first === "zh" ? "zh-CN" : "en";
// Texts are in the bundle, so this is done at once; React escapes, so i18next need not.
void i18next.init({
  lng: first,
  fallbackLng: false,
  resources: {},
  interpolation: { escapeValue: false },
  returnNull: false,
});
