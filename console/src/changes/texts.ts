import { defineTexts } from "@/i18n/texts";

/** What a change changed, and how it is undone. */
export const { useTexts: useChangeTexts } = defineTexts("changes", {
  zh: {
    field: "字段",
    before: "变更前",
    after: "变更后",
    raw: "JSON",
    rawOf: "JSON 原文",
    secret: "机密内容已变更，内容不予记录",
    revertTitle: "撤销记录 #{{id}}？",
    revertHint: "以下字段会恢复为变更前的值，并另记一条审计记录：",
    revertNothing: "没有需要撤销的内容：这些字段已是变更前的值。",
    revertDo: "撤销",
    revertForce: "仍然撤销，覆盖之后的改动",
    previewing: "正在预演…",
    reverted: "已撤销记录 #{{id}}",
    byOwn: "这是您自己在另一个标签页或程序中改的。",
    byOther: "由 {{name}} 修改。",
  },
  en: {
    field: "Field",
    before: "Before",
    after: "After",
    raw: "JSON",
    rawOf: "the raw JSON",
    secret: "A secret was changed; its value is never kept",
    revertTitle: "Undo event #{{id}}?",
    revertHint: "These fields go back to what they were before, by a change of its own:",
    revertNothing: "There is nothing left to undo: the fields are what they were before.",
    revertDo: "Undo",
    revertForce: "Undo all the same, and overwrite what was changed since",
    previewing: "Trying it without writing…",
    reverted: "Event #{{id}} is undone",
    byOwn: "It was you, in another tab or program.",
    byOther: "It was {{name}}.",
  },
});
