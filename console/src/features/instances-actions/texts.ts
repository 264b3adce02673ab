import { defineTexts } from "@/i18n/texts";

export const { useTexts: useActionTexts } = defineTexts("instances.actions", {
  zh: {
    deleted: "{{name}} 已移入回收站",
    undo: "撤销",
    restored: "{{name}} 已恢复",
    failed: "{{name}}：未能完成",
    deleteTitle: "删除 {{name}}？",
    deleteReach: "实例移入回收站，可随时恢复。{{checks}} 次检测和 {{changes}} 条变更记录保留在它的历史中。",
    deleteDo: "移入回收站",
    changedSince: "读取之后实例已被修改，没有写入。请查看当前内容后再试。",
    reload: "重新载入",
    purgeDo: "彻底删除",
    purgeTitle: "彻底删除 {{name}}？",
    purgeText: "此操作无法撤销。",
    purgeReach:
      "{{checks}} 条检测记录将一并删除；{{changes}} 条变更保留在审计日志中。名称 {{name}} 将可重新使用。",
    purgeCredential: "凭据 {{name}} 不再被它占用。",
    purgeType: "输入实例名称以确认",
    purgeWrong: "与实例名称不一致",
    purgeDone: "{{name}} 已彻底删除",
    refused: "{{count}} 个未能执行",
    unsent: "{{count}} 个未发送",
  },
  en: {
    deleted: "{{name}} moved to the recycle bin",
    undo: "Undo",
    restored: "{{name}} restored",
    failed: "{{name}}: not done",
    deleteTitle: "Delete {{name}}?",
    deleteReach:
      "It goes to the recycle bin and can be restored. Checks ({{checks}}) and changes ({{changes}}) stay in its history.",
    deleteDo: "Move to the recycle bin",
    changedSince:
      "The instance was changed since it was read; nothing was written. Look at it as it is now, then try again.",
    reload: "Load it anew",
    purgeDo: "Purge for good",
    purgeTitle: "Purge {{name}}?",
    purgeText: "This cannot be undone.",
    purgeReach:
      "Checks that go with it: {{checks}}. Changes that stay in the audit log: {{changes}}. The name {{name}} becomes free.",
    purgeCredential: "The credential {{name}} is no longer used by it.",
    purgeType: "Type the name of the instance to confirm",
    purgeWrong: "This is not its name",
    purgeDone: "{{name}} purged",
    refused_one: "{{count}} was refused",
    refused_other: "{{count}} were refused",
    unsent_one: "{{count}} was not sent",
    unsent_other: "{{count}} were not sent",
  },
});
