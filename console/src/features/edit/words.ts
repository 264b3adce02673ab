import { useCallback } from "react";
import { exactTime } from "@/parts/format";
import { useValueTexts } from "./fieldTexts";
import type { Field } from "./fields";

/** Proper names are the same in every language. */
const NAMES: Readonly<Record<string, string>> = {
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
  aws_rds: "AWS RDS",
  aws_aurora: "AWS Aurora",
  polardb: "PolarDB",
  azure_sql: "Azure SQL",
  gcp_cloud_sql: "Google Cloud SQL",
};

const WORDS = [
  "planned",
  "active",
  "maintenance",
  "retiring",
  "retired",
  "server",
  "writer",
  "reader",
  "proxy",
  "self_hosted",
  "aliyun_rds",
  "dameng",
  "other",
] as const;
const KEYED = new Set<string>(["lifecycle", "endpoint_kind", "platform", "db_type"] satisfies Field[]);

/** `word("retiring")`: the word for a value of the API, or the value itself where there is none. */
export function useWord(): (value: string) => string {
  const t = useValueTexts();
  return useCallback(
    (value) => {
      const word = WORDS.find((one) => one === value);
      return word ? t(word) : (NAMES[value] ?? value);
    },
    [t],
  );
}

const isThing = (value: object): value is { id: number; name: string } => "id" in value && "name" in value;

/** A value of a field as text for people; the empty text where there is none. */
export function useShown(): (field: string, value: unknown) => string {
  const t = useValueTexts();
  const word = useWord();
  return useCallback(
    (field, value) => {
      if (value === null || value === undefined || value === "") return "";
      if (typeof value === "boolean") return t(value ? "yes" : "no");
      if (Array.isArray(value)) return value.join(", ");
      if (typeof value === "object") {
        if (isThing(value)) return value.name;
        return Object.entries(value)
          .map(([key, each]) => `${key} = ${each === null ? t("empty") : String(each)}`)
          .join("\n");
      }
      const text = String(value);
      if (field === "muted_until") return exactTime(text);
      if (field.endsWith("_ms")) return `${text} ms`;
      if (KEYED.has(field)) return word(text);
      const lines = text.trim().split("\n");
      return text.startsWith("-----BEGIN") ? `${lines[0] ?? ""}${t("more", { lines: lines.length })}` : text;
    },
    [t, word],
  );
}
