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
    tagline: "The register of every database instance",
    other: "Use another account",
  },
});
