import { defineTexts } from "@/i18n/texts";

export const { useTexts: useActionTexts } = defineTexts("instances.actions", {
  zh: {
    deleted: "{{name}} 已移入回收站",
    undo: "撤销",
    restored: "{{name}} 已恢复",
    failed: "{{name}}：未能完成",
  },
  en: {
    deleted: "{{name}} moved to the recycle bin",
    undo: "Undo",
    restored: "{{name}} restored",
    failed: "{{name}}: not done",
  },
});
