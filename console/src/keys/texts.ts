import { defineTexts } from "@/i18n/texts";

export const { useTexts: useKeyTexts } = defineTexts("keys", {
  zh: {
    title: "键盘快捷键",
    down: "下一行",
    up: "上一行",
    select: "选择该行",
    help: "显示快捷键",
    then: "然后",
  },
  en: {
    title: "Keyboard shortcuts",
    down: "Next row",
    up: "Previous row",
    select: "Select the row",
    help: "Show the shortcuts",
    then: "then",
  },
});
