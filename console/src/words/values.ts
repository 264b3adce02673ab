import { useCallback } from "react";
import { defineTexts, useLanguage } from "@/i18n/texts";
import { engineName } from "./engines";

/** What the API's values are called. */
const zhValues = {
  active: "在用",
  inactive: "停用",
  deleted: "在回收站",
  planned: "规划中",
  maintenance: "维护中",
  retiring: "待下线",
  retired: "已下线",
  ok: "正常",
  degraded: "降级",
  reachable: "可连通",
  failed: "失败",
  server: "服务器",
  writer: "写入端点",
  reader: "只读端点",
  proxy: "代理",
  self_hosted: "自建",
  aliyun_rds: "阿里云 RDS",
  other: "其他",
  primary: "主库",
  replica: "从库",
  standby: "备库",
  standalone: "单机",
  mixed: "级联",
  member: "集群成员",
  unknown: "未知",
  plaintext: "明文",
  legacy: "低于 TLS 1.2",
  current: "TLS 1.2 及以上",
  identify: "识别",
  replication: "复制状态",
  accounts: "账号",
  object_privileges: "对象权限",
  sizes: "容量",
} as const;

const enValues: Record<keyof typeof zhValues, string> = {
  active: "active",
  inactive: "inactive",
  deleted: "in the recycle bin",
  planned: "planned",
  maintenance: "maintenance",
  retiring: "retiring",
  retired: "retired",
  ok: "ok",
  degraded: "degraded",
  reachable: "reachable",
  failed: "failed",
  server: "server",
  writer: "writer",
  reader: "reader",
  proxy: "proxy",
  self_hosted: "self-hosted",
  aliyun_rds: "Alibaba Cloud RDS",
  other: "other",
  primary: "primary",
  replica: "replica",
  standby: "standby",
  standalone: "standalone",
  mixed: "mixed",
  member: "member",
  unknown: "unknown",
  plaintext: "plain text",
  legacy: "before TLS 1.2",
  current: "TLS 1.2 or newer",
  identify: "identify",
  replication: "replication",
  accounts: "accounts",
  object_privileges: "object privileges",
  sizes: "sizes",
};

const { text } = defineTexts("words.values", { zh: zhValues, en: enValues });

/** Clouds by their own names, which are the same in every language. */
const CLOUDS: Readonly<Record<string, string>> = {
  aws_rds: "AWS RDS",
  aws_aurora: "AWS Aurora",
  polardb: "PolarDB",
  azure_sql: "Azure SQL",
  gcp_cloud_sql: "Google Cloud SQL",
};

const isValueWord = (value: string): value is keyof typeof zhValues => Object.hasOwn(zhValues, value);

/** The API's value of a Chinese word. */
export const valueOfWord: ReadonlyMap<string, string> = new Map(
  Object.entries(zhValues).map(([value, word]) => [word, value]),
);

/** `word("replica")`: the word for a value of the API, or the value itself where there is none. */
export function useWord(): (value: string) => string {
  const shown = useLanguage();
  return useCallback(
    (value) => (isValueWord(value) ? text(value, { lng: shown }) : (CLOUDS[value] ?? engineName(value))),
    [shown],
  );
}
