import { defineTexts } from "@/i18n/texts";

export const { useTexts: useSessionTexts } = defineTexts("session", {
  zh: {
    username: "用户名",
    password: "密码",
    usernameMissing: "请输入用户名",
    passwordMissing: "请输入密码",
    logIn: "登录",
    ended: "会话已结束",
    endedHint: "请重新登录后继续。此页面上已填写的内容都还在。",
    firstTime: "首次登录？",
    firstTimeHint:
      "首个管理员是 admin，其密码在首次启动时显示在终端；没有终端时，写入数据目录中的 initial-admin-password 文件。",
    tagline: "每一个数据库实例的台账",
    other: "换用其他账号",
  },
  en: {
    username: "User name",
    password: "Password",
    usernameMissing: "Type your user name",
    passwordMissing: "Type your password",
    logIn: "Log in",
    ended: "The session has ended",
    endedHint: "Log in again to go on. What you typed on this page is still there.",
    firstTime: "The first login?",
    firstTimeHint:
      "The first administrator is admin. The first start showed the password at the terminal; without a terminal it lies in the file initial-admin-password of the data directory.",
    tagline: "The register of every database instance",
    other: "Use another account",
  },
});
