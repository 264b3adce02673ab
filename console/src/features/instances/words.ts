import { defineTexts } from "@/i18n/texts";

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
  server: "实例",
  writer: "写入端点",
  reader: "只读端点",
  proxy: "代理",
  self_hosted: "自建",
  other: "其他",
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
  other: "other",
};

export const { useTexts: useValueTexts, text: valueText } = defineTexts("instances.values", {
  zh: zhValues,
  en: enValues,
});

export const isValueWord = (value: string): value is keyof typeof zhValues => Object.hasOwn(zhValues, value);

/** The API's value of a Chinese word. */
export const valueOfWord: ReadonlyMap<string, string> = new Map(
  Object.entries(zhValues).map(([value, word]) => [word, value]),
);

const ENGINES: Record<string, string> = {
  mysql: "MySQL",
  mariadb: "MariaDB",
  postgresql: "PostgreSQL",
  sqlserver: "SQL Server",
  oracle: "Oracle",
  redis: "Redis",
  mongodb: "MongoDB",
  clickhouse: "ClickHouse",
  oceanbase: "OceanBase",
  tidb: "TiDB",
  dameng: "DM 达梦",
};

/** An engine's own name; "other" and what we do not know as it is. */
export const engineName = (dbType: string): string => ENGINES[dbType] ?? dbType;
