/** Engines by their own names, which are the same in every language. */
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
  dameng: "DM 达梦",
};

/** The name of an engine as its makers write it; an unknown one as the API does. */
export const engineName = (engine: string): string => NAMES[engine] ?? engine;

/** An endpoint as the API writes it, `postgresql db1.example.com:5432`, with the engine by its name. */
export const endpointWords = (endpoint: string): string => endpoint.replace(/^\w+(?= )/, engineName);
