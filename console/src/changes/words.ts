import { useCallback } from "react";
import { defineTexts } from "@/i18n/texts";

const VERBS_ZH = {
  create: "新建",
  update: "修改",
  delete: "删除",
  bin: "移入回收站",
  restore: "恢复",
  purge: "彻底删除",
  detect: "检测发现",
  accept_identity: "接受服务器标识",
  change_identity: "服务器标识变化",
  change_role: "复制角色变化",
  set_role: "修改角色",
  set_password: "重设密码",
  use: "使用",
  bind: "绑定",
  login: "登录",
  logout: "退出",
  refused: "被拒绝",
  denied: "越权被拒",
  enable: "启用",
  disable: "停用",
  revoke: "吊销",
  rotate: "轮换",
  verify: "校验",
  undo: "撤销",
  retention: "按保留期清理",
  carry_over: "沿用旧记录",
  backup: "备份",
  add: "添加",
  promote: "设为当前",
  drop: "移除",
};
const VERBS_EN: typeof VERBS_ZH = {
  create: "created",
  update: "changed",
  delete: "deleted",
  bin: "moved to bin",
  restore: "restored",
  purge: "purged",
  detect: "seen by a check",
  accept_identity: "server accepted",
  change_identity: "another server seen",
  change_role: "another role seen",
  set_role: "role changed",
  set_password: "password set",
  use: "used",
  bind: "bound",
  login: "logged in",
  logout: "logged out",
  refused: "refused",
  denied: "denied",
  enable: "enabled",
  disable: "disabled",
  revoke: "revoked",
  rotate: "rotated",
  verify: "verified",
  undo: "undone",
  retention: "removed by age",
  carry_over: "carried over",
  backup: "backed up",
  add: "added",
  promote: "made the present one",
  drop: "dropped",
};
const SOURCES_ZH = { api: "API / 控制台", legacy: "旧版 API", cli: "本机命令行", job: "后台任务" };
const SOURCES_EN: typeof SOURCES_ZH = {
  api: "API / console",
  legacy: "legacy API",
  cli: "local command line",
  job: "background job",
};

const sources = defineTexts("changes.sources", { zh: SOURCES_ZH, en: SOURCES_EN });
const verbs = defineTexts("changes.verbs", { zh: VERBS_ZH, en: VERBS_EN });

/** `verb("instance.update")`: what was done, in words; an unknown action keeps its name. */
export function useVerb(): (action: string) => string {
  const t = verbs.useTexts();
  return (action) => {
    const verb = action === "instance.delete" ? "bin" : action.slice(action.indexOf(".") + 1);
    return verb in VERBS_ZH ? t(verb as keyof typeof VERBS_ZH) : action;
  };
}

/** `source("cli")`: by which way a change came; the console is a client of the API and comes by the same. */
export function useSourceWord(): (source: string) => string {
  const t = sources.useTexts();
  return useCallback((source) => (source in SOURCES_ZH ? t(source as keyof typeof SOURCES_ZH) : source), [t]);
}
