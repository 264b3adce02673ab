import { defineTexts } from "@/i18n/texts";

export const { useTexts: useFormTexts } = defineTexts("forms", {
  zh: {
    required: "请填写",
    tooShort: "至少 {{least}} 个字符",
    tooLong: "最多 {{most}} 个字符",
    tooMany: "最多 {{most}} 项",
    wrongCharacters: "包含此处不允许的字符",
    range: "{{least}} 到 {{most}} 的整数",
    discardTitle: "放弃已填写的内容？",
    discardHint: "填写的内容尚未保存。",
    discard: "放弃",
    keep: "继续填写",
    search: "搜索",
    refresh: "刷新",
  },
  en: {
    required: "Fill this in",
    tooShort: "At least {{least}} characters",
    tooLong: "At most {{most}} characters",
    tooMany: "At most {{most}} entries",
    wrongCharacters: "Has characters that are not allowed here",
    range: "A whole number from {{least}} to {{most}}",
    discardTitle: "Discard what you typed?",
    discardHint: "It has not been saved.",
    discard: "Discard",
    keep: "Go on typing",
    search: "Search",
    refresh: "Read again",
  },
});
