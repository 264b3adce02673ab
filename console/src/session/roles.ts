import { useCallback } from "react";
import { defineTexts } from "@/i18n/texts";

const ROLES_ZH = {
  viewer: "只读",
  operator: "运维",
  dba: "DBA",
  auditor: "审计员",
  admin: "管理员",
};
const ROLES_EN: typeof ROLES_ZH = {
  viewer: "viewer",
  operator: "operator",
  dba: "DBA",
  auditor: "auditor",
  admin: "administrator",
};
const ACTIONS_ZH = {
  view: "查看实例、标签和凭据（不含密码）",
  create: "登记实例、新建标签、导入",
  update: "修改实例、从回收站恢复",
  delete: "将实例移入回收站",
  purge: "彻底删除回收站中的实例",
  check: "对已登记的实例执行连接检测",
  check_unsaved: "检测未登记的地址",
  credentials: "新建、修改、轮换和绑定凭据",
  schedule: "管理定时任务",
  webhook: "管理 Webhook",
  audit: "查看审计日志",
  users: "管理用户及所有人的令牌",
  token: "为自己创建 API 令牌",
};
const ACTIONS_EN: typeof ACTIONS_ZH = {
  view: "see instances, tags and credentials (never a password)",
  create: "register instances, add tags, import",
  update: "change instances, restore them from the recycle bin",
  delete: "move instances to the recycle bin",
  purge: "purge instances of the recycle bin",
  check: "check registered instances",
  check_unsaved: "check an endpoint that is not registered",
  credentials: "add, change, rotate and bind credentials",
  schedule: "manage schedules",
  webhook: "manage webhooks",
  audit: "read the audit log",
  users: "manage users and everybody's tokens",
  token: "make API tokens of one's own",
};

const roles = defineTexts("session.roles", { zh: ROLES_ZH, en: ROLES_EN });
const actions = defineTexts("session.actions", { zh: ACTIONS_ZH, en: ACTIONS_EN });

export const { useTexts: useRoleFieldTexts } = defineTexts("session.role", {
  zh: { role: "角色", may: "此角色可以：" },
  en: { role: "Role", may: "This role may:" },
});

/** `role("dba")`: a role in words; one that has none keeps its name. */
export function useRoleWord(): (role: string) => string {
  const t = roles.useTexts();
  return useCallback((role) => (role in ROLES_ZH ? t(role as keyof typeof ROLES_ZH) : role), [t]);
}

/** `action("check")`: what the action lets somebody do. */
export function useActionWord(): (action: string) => string {
  const t = actions.useTexts();
  return (action) => (action in ACTIONS_ZH ? t(action as keyof typeof ACTIONS_ZH) : action);
}

/** Actions that roles hold already, for what Muster does not do yet: nobody is told of them. */
const NOT_YET: readonly string[] = ["schedule", "webhook"];

/** All actions that have words, in the order of the API. */
export const WORDED_ACTIONS: readonly string[] = Object.keys(ACTIONS_ZH);

/** The actions to tell of, in the order of the API. */
export const ACTIONS: readonly string[] = WORDED_ACTIONS.filter((one) => !NOT_YET.includes(one));

/** Whether a role may do nothing that the given actions do not hold: such a role a token may have. */
export const isWithin = (role: readonly string[], own: readonly string[]): boolean =>
  role.every((action) => own.includes(action));
