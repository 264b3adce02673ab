import { defineTexts } from "@/i18n/texts";
import { en } from "./texts.en";
import { zh } from "./texts.zh";

export const { useTexts: useImportTexts, text: importText } = defineTexts("imports", { zh, en });
