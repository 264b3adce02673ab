import { useCallback } from "react";
import { defineTexts } from "@/i18n/texts";
import type { AuditEvent } from "@/api/types";
import { useFieldLabel } from "@/words/useFieldLabel";

const ZH = {
  username: "用户名",
  role: "角色",
  is_active: "启用",
  password: "密码",
  secret: "密钥内容",
  expires_at: "到期时间",
  name: "名称",
  description: "说明",
  color: "颜色",
  key: "标识",
  kind: "类型",
  position: "顺序",
  hosts: "主机",
  networks: "网段",
  suffixes: "域名后缀",
  endpoints: "地址",
  endpoint: "地址",
  engines: "数据库类型",
  address: "来源地址",
  count: "次数",
  first_at: "首次",
  last_at: "末次",
  wanted: "请求的操作",
  why: "被拒原因",
  summary: "汇总",
  undone_at: "撤销时间",
  keys: "密钥",
  sound: "完好",
  through_seal: "校验至封印",
  hash: "摘要",
  fault: "问题",
  "into bin": "移入回收站",
  "out of bin": "移出回收站",
};
const EN: typeof ZH = {
  username: "User name",
  role: "Role",
  is_active: "Active",
  password: "Password",
  secret: "Secret",
  expires_at: "Expires",
  name: "Name",
  description: "Description",
  color: "Colour",
  key: "Key",
  kind: "Kind",
  position: "Position",
  hosts: "Hosts",
  networks: "Networks",
  suffixes: "Domain suffixes",
  endpoints: "Endpoints",
  endpoint: "Endpoint",
  engines: "Engines",
  address: "Address",
  count: "Times",
  first_at: "First",
  last_at: "Last",
  wanted: "Wanted",
  why: "Why",
  summary: "Summary",
  undone_at: "Undone",
  keys: "Keys",
  sound: "Unbroken",
  through_seal: "Verified through seal",
  hash: "Hash",
  fault: "Fault",
  "into bin": "Into the recycle bin",
  "out of bin": "Out of the recycle bin",
};

const { useTexts } = defineTexts("audit.fields", { zh: ZH, en: EN });

const isOwnWord = (field: string): field is keyof typeof ZH => Object.hasOwn(ZH, field);

/**
 * `label("user", "role")`: the field of a thing in words; one that has none keeps its name.
 *
 * What an instance has is called as on its own page: its role is that of a replica, and no one's rights.
 */
export function useChangedField(): (entityType: string, field: string) => string {
  const t = useTexts();
  const ofInstance = useFieldLabel();
  return useCallback(
    (entityType, field) => {
      const label = ofInstance(field);
      if (entityType === "instance" && label !== field) return label;
      return isOwnWord(field) ? t(field) : label;
    },
    [t, ofInstance],
  );
}

/** What a change comes to in a line: its field, but of the recycle bin the way that the instance went. */
export function useChangeWord(): (entityType: string, change: AuditEvent["changes"][number]) => string {
  const t = useTexts();
  const label = useChangedField();
  return useCallback(
    (entityType, { field, after }) => {
      if (entityType !== "instance" || field !== "deleted_at") return label(entityType, field);
      return t(after === null ? "out of bin" : "into bin");
    },
    [t, label],
  );
}
