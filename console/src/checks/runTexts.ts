import { defineTexts } from "@/i18n/texts";

/** How far the checks of many are. */
export const { useTexts: useRunTexts } = defineTexts("checks.run", {
  zh: {
    title: "检测",
    looking: "正在查找实例…",
    running: "正在检测：{{done}} / {{total}}",
    waiting: "服务器繁忙，{{seconds}} 秒后继续",
    finished: "检测完成：{{total}} 个",
    stopped: "已停止：完成 {{done}} / {{total}}",
    unanswered: "无法检测 {{count}} 个",
    stop: "停止",
    dismiss: "关闭",
  },
  en: {
    title: "Check",
    looking: "Looking for the instances…",
    running: "Checking: {{done}} of {{total}}",
    waiting: "The server is busy; going on in {{seconds}} s",
    finished: "Checked: {{total}}",
    stopped: "Stopped: {{done}} of {{total}} done",
    unanswered: "{{count}} could not be checked",
    stop: "Stop",
    dismiss: "Close",
  },
});
