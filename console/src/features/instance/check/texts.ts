import { defineTexts } from "@/i18n/texts";

export const { useTexts: useInstanceCheckTexts } = defineTexts("instance.check", {
  zh: {
    title: "检测",
    fixCredential: "打开凭据 {{name}}",
    fixEdit: "编辑连接设置：{{field}}",
    fixFingerprint: "查看服务器标识",
    fixAgain: "重新检测",
    ticket: "工单文本",
    never: "从未检测",
    neverHint: "运行一次检测，即可知道能否连接、是什么服务器、缺少哪些权限。",
    by: "{{who}} 发起",
    byOther: "{{who}} 正在检测",
    old: "历史检测",
    elsewhere: "这次检测的是更改前的地址 {{endpoint}}。",
    toNewest: "回到最近一次",
  },
  en: {
    title: "Check",
    fixCredential: "Open the credential {{name}}",
    fixEdit: "Edit the connection: {{field}}",
    fixFingerprint: "See the fingerprint",
    fixAgain: "Check again",
    ticket: "Text of a ticket",
    never: "Never checked",
    neverHint:
      "Run a check to learn whether it can be reached, which server it is, and which rights are missing.",
    by: "by {{who}}",
    byOther: "{{who}} is checking",
    old: "An earlier check",
    elsewhere:
      "This check was of {{endpoint}}. The endpoint is another one since, which was not checked yet.",
    toNewest: "Back to the newest",
  },
});
