import type { Instance } from "@/api/types";

export type Client = "mysql" | "mariadb" | "psql" | "sqlcmd" | "sqlplus";

export interface Command {
  client: Client;
  line: string;
  /** Whether the line names `ca.pem`, which is to hold the instance's `tls_ca`. */
  needsCa: boolean;
}

export type Endpoint = Pick<
  Instance,
  | "db_type"
  | "host"
  | "port"
  | "database_name"
  | "service_name"
  | "sid"
  | "instance_name"
  | "tls_mode"
  | "tls_ca"
  | "credential"
>;

/** A word for a POSIX shell: bare where it is harmless, else in single quotes. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A value of a connection string of libpq: bare where it is harmless, else in single quotes, with `\` before `'` and `\`. */
export function libpqValue(value: string): string {
  return /^[A-Za-z0-9_.:/-]+$/.test(value) ? value : `'${value.replaceAll(/[\\']/g, "\\$&")}'`;
}

/** A user name for SQL*Plus, in double quotes where Oracle would not read it bare. */
export function oracleUser(user: string): string {
  return /^[A-Za-z][A-Za-z0-9_$#]*$/.test(user) ? user : `"${user.replaceAll('"', '""')}"`;
}

/** The mode that counts: without one the API requires TLS, and verifies it where there is an authority to verify with. */
function modeOf(at: Endpoint): string {
  return at.tls_mode ?? (at.tls_ca === null ? "require" : "verify-full");
}

const verifies = (mode: string): boolean => mode.startsWith("verify-");

function mysql(at: Endpoint): Command {
  const mode = modeOf(at);
  const isMaria = at.db_type === "mariadb";
  const words = [isMaria ? "mariadb" : "mysql", `--host=${at.host}`, `--port=${at.port}`, "--protocol=TCP"];
  if (at.credential) words.push(`--user=${at.credential.username}`);
  words.push("--password");
  const needsCa = verifies(mode) && at.tls_ca !== null;
  if (isMaria) {
    words.push(mode === "disable" ? "--skip-ssl" : "--ssl");
    if (mode !== "disable")
      words.push(verifies(mode) ? "--ssl-verify-server-cert" : "--skip-ssl-verify-server-cert");
  } else {
    const modes: Record<string, string> = {
      disable: "DISABLED",
      prefer: "PREFERRED",
      require: "REQUIRED",
      "verify-ca": "VERIFY_CA",
      "verify-full": "VERIFY_IDENTITY",
    };
    words.push(`--ssl-mode=${modes[mode] ?? "REQUIRED"}`);
  }
  if (needsCa) words.push("--ssl-ca=ca.pem");
  // Last and after `--`, so that no name of a database is read as an option.
  if (at.database_name !== null) words.push("--", at.database_name);
  return { client: isMaria ? "mariadb" : "mysql", line: words.map(quoted).join(" "), needsCa };
}

function psql(at: Endpoint): Command {
  const mode = modeOf(at);
  const needsCa = verifies(mode) && at.tls_ca !== null;
  const parts: [string, string | undefined][] = [
    ["host", at.host],
    ["port", String(at.port)],
    ["dbname", at.database_name ?? "postgres"],
    ["user", at.credential?.username],
    ["sslmode", mode],
    ["sslrootcert", needsCa ? "ca.pem" : verifies(mode) ? "system" : undefined],
  ];
  const told = parts.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${libpqValue(value)}`],
  );
  return { client: "psql", line: `psql --password ${quoted(told.join(" "))}`, needsCa };
}

function sqlcmd(at: Endpoint): Command {
  const mode = modeOf(at);
  const server =
    at.instance_name === null ? `tcp:${at.host},${at.port}` : `tcp:${at.host}\\${at.instance_name}`;
  const words = ["sqlcmd", "-S", server];
  if (at.credential) words.push("-U", at.credential.username);
  if (at.database_name !== null) words.push("-d", at.database_name);
  // -N encrypts (o: optional), -C trusts whatever certificate comes.
  if (mode === "disable" || mode === "prefer") words.push("-No");
  else words.push("-N");
  if (!verifies(mode)) words.push("-C");
  return { client: "sqlcmd", line: words.map(quoted).join(" "), needsCa: false };
}

function sqlplus(at: Endpoint): Command {
  const protocol =
    at.tls_mode === null || at.tls_mode === "disable" || at.tls_mode === "prefer" ? "TCP" : "TCPS";
  const target =
    at.sid === null ? `SERVICE_NAME=${at.service_name ?? at.database_name ?? ""}` : `SID=${at.sid}`;
  const address = `(ADDRESS=(PROTOCOL=${protocol})(HOST=${at.host})(PORT=${at.port}))`;
  const descriptor = `(DESCRIPTION=${address}(CONNECT_DATA=(${target})))`;
  const user = at.credential ? oracleUser(at.credential.username) : "";
  return { client: "sqlplus", line: `sqlplus ${quoted(`${user}@${descriptor}`)}`, needsCa: false };
}

/** The command that logs in to an instance by hand; it asks for the password. None for engines without a client here. */
export function commandFor(at: Endpoint): Command | null {
  switch (at.db_type) {
    case "mysql":
    case "mariadb":
    case "tidb":
      return mysql(at);
    case "postgresql":
      return psql(at);
    case "sqlserver":
      return sqlcmd(at);
    case "oracle":
      return sqlplus(at);
    default:
      return null;
  }
}
