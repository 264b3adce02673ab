import { describe, expect, it } from "vitest";
import { commandFor, type Endpoint, libpqValue, oracleUser, quoted } from "./commands";

const at = (more: Partial<Endpoint>): Endpoint => ({
  db_type: "mysql",
  host: "db1.example.com",
  port: 3306,
  database_name: null,
  service_name: null,
  sid: null,
  instance_name: null,
  tls_mode: null,
  tls_ca: null,
  credential: { id: 1, name: "monitor", username: "monitor" },
  ...more,
});
const line = (more: Partial<Endpoint>) => commandFor(at(more))?.line;
const user = (username: string) => ({ credential: { id: 1, name: "c", username } });

describe("quoted", () => {
  it("leaves harmless words bare and closes in all others", () => {
    expect(quoted("--host=db1.example.com")).toBe("--host=db1.example.com");
    expect(quoted("$(reboot)")).toBe("'$(reboot)'");
    expect(quoted("it's")).toBe("'it'\\''s'");
    expect(quoted("")).toBe("''");
    expect(quoted("a`b\nc")).toBe("'a`b\nc'");
  });
});

describe("mysql", () => {
  it("asks for the password and requires TLS without a setting", () => {
    expect(line({ database_name: "shop" })).toBe(
      "mysql --host=db1.example.com --port=3306 --protocol=TCP --user=monitor --password --ssl-mode=REQUIRED -- shop",
    );
  });

  it("lets no name of a user or a database act on the shell, or as an option", () => {
    expect(line({ ...user("m'; rm -rf /"), database_name: "--execute=x" })).toBe(
      "mysql --host=db1.example.com --port=3306 --protocol=TCP '--user=m'\\''; rm -rf /' --password --ssl-mode=REQUIRED -- --execute=x",
    );
  });

  it("verifies where an authority is set", () => {
    const command = commandFor(at({ tls_ca: "-----BEGIN" }));
    expect(command?.line).toContain("--ssl-mode=VERIFY_IDENTITY --ssl-ca=ca.pem");
    expect(command?.needsCa).toBe(true);
  });

  it("speaks MariaDB's own options to MariaDB", () => {
    expect(line({ db_type: "mariadb", tls_mode: "disable" })).toMatch(/^mariadb .* --password --skip-ssl$/);
    expect(line({ db_type: "mariadb" })).toContain("--ssl --skip-ssl-verify-server-cert");
  });
});

describe("psql", () => {
  const postgres = { db_type: "postgresql", port: 5432 };

  it("quotes twice: for libpq and for the shell", () => {
    expect(line({ ...postgres, ...user("o'neil \\"), database_name: "my db" })).toBe(
      String.raw`psql --password 'host=db1.example.com port=5432 dbname='\''my db'\'' user='\''o\'\''neil \\'\'' sslmode=require'`,
    );
  });

  it("names the authority to verify with", () => {
    expect(line({ ...postgres, tls_mode: "verify-ca" })).toContain("sslmode=verify-ca sslrootcert=system");
    expect(line({ ...postgres, tls_ca: "x" })).toContain("sslmode=verify-full sslrootcert=ca.pem");
  });

  it("keeps quotes and backslashes of a value inside it", () => {
    expect(libpqValue("a' password='x")).toBe(String.raw`'a\' password=\'x'`);
    expect(libpqValue("")).toBe("''");
  });
});

describe("sqlcmd", () => {
  const server = { db_type: "sqlserver", port: 1433 };

  it("goes to the port, or to a named instance", () => {
    expect(line(server)).toBe("sqlcmd -S tcp:db1.example.com,1433 -U monitor -N -C");
    expect(line({ ...server, instance_name: "SALES", tls_mode: "verify-full" })).toBe(
      "sqlcmd -S 'tcp:db1.example.com\\SALES' -U monitor -N",
    );
  });
});

describe("sqlplus", () => {
  const oracle = { db_type: "oracle", port: 1521 };

  it("names the service or the SID in a descriptor", () => {
    expect(line({ ...oracle, service_name: "ORCLPDB1" })).toBe(
      "sqlplus 'monitor@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db1.example.com)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=ORCLPDB1)))'",
    );
    expect(line({ ...oracle, sid: "ORCL", tls_mode: "require" })).toMatch(/PROTOCOL=TCPS.*\(SID=ORCL\)/);
  });

  it("quotes names that Oracle would not read bare", () => {
    expect(oracleUser("c##mon")).toBe("c##mon");
    expect(oracleUser('a"b')).toBe('"a""b"');
    expect(oracleUser("Mon User")).toBe('"Mon User"');
  });
});

it("has no command for an engine without a client, and never a password", () => {
  expect(commandFor(at({ db_type: "redis" }))).toBeNull();
  expect(commandFor(at({ credential: null }))?.line).not.toContain("--user");
});
