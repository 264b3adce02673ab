import { defineTexts } from "@/i18n/texts";

const TYPES_ZH = {
  instance: "实例",
  credential: "凭据",
  tag: "标签",
  environment: "环境",
  cluster: "集群",
  user: "用户",
  token: "令牌",
  session: "会话",
  access: "访问",
  keys: "密钥",
  store: "数据库",
  audit: "审计",
  import: "导入",
};
const TYPES_EN: typeof TYPES_ZH = {
  instance: "instance",
  credential: "credential",
  tag: "tag",
  environment: "environment",
  cluster: "cluster",
  user: "user",
  token: "token",
  session: "session",
  access: "access",
  keys: "keys",
  store: "store",
  audit: "audit",
  import: "import",
};
const types = defineTexts("audit.types", { zh: TYPES_ZH, en: TYPES_EN });

/** Kinds of things that the audit log tells of most; others are typed into the URL. */
export const ENTITY_TYPES: readonly string[] = Object.keys(TYPES_ZH);

/** Actions to choose from; the API takes any other as well. */
export const ACTIONS: readonly string[] = [
  ...["create", "update", "delete", "restore", "purge", "detect", "change_role", "change_identity"].map(
    (verb) => `instance.${verb}`,
  ),
  ...["create", "update", "bind", "use", "delete"].map((verb) => `credential.${verb}`),
  ...["create", "update", "delete"].map((verb) => `tag.${verb}`),
  ...[
    "user.create",
    "user.set_role",
    "user.set_password",
    "user.enable",
    "user.disable",
    "token.create",
    "token.revoke",
  ],
  ...["session.login", "session.logout", "session.refused", "token.refused", "access.denied"],
  ...["import.create", "import.undo", "keys.rotate", "audit.verify"],
];

/** `type("instance")`: the kind of thing in words. */
export function useTypeWord(): (type: string) => string {
  const t = types.useTexts();
  return (type) => (type in TYPES_ZH ? t(type as keyof typeof TYPES_ZH) : type);
}
