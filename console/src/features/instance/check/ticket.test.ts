import { describe, expect, it } from "vitest";
import type { Check, Instance } from "@/api/types";
import { saidBy, ticketFor } from "./ticket";

const instance = {
  name: "orders-01",
  credential: { id: 1, name: "monitor-prod", username: "monitor" },
} as Pick<Instance, "name" | "credential">;

const check = (more: Partial<Check>): Check =>
  ({
    db_type: "postgresql",
    host: "10.1.4.20",
    port: 5432,
    status: "finished",
    outcome: "failed",
    cause: "connect.timeout",
    started_at: "2026-11-27T08:00:00+00:00",
    steps: [],
    server: null,
    privileges: null,
    ...more,
  }) as Check;

const login = {
  step: "login",
  outcome: "failed",
  took_ms: 14,
  cause: "login.refused",
  detail: { server_code: "28P01", server_text: "password {{from}} $t(x) refused", our_address: "10.9.9.9" },
} as Check["steps"][number];

describe("ticketFor", () => {
  it("asks the firewall for the endpoint, and does not invent our address", () => {
    const text = ticketFor("firewall", instance, check({}), { shown: "en", seen: "No answer in time" });
    expect(text).toContain("To: 10.1.4.20:5432 (TCP)");
    expect(text).toContain("From: the machine that runs Muster");
    expect(text).toContain("Seen: No answer in time (connect.timeout, 2026-11-27T08:00:00+00:00)");
  });

  it("is written in the language that was chosen, whatever is shown", () => {
    const of = (shown: "zh" | "en") => ticketFor("firewall", instance, check({}), { shown, seen: "…" });
    expect(of("zh")).toContain("目标：10.1.4.20:5432（TCP）");
    expect(of("en")).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it("quotes the server's own words as they came, and our address as it saw it", () => {
    const refused = check({ cause: "login.refused", steps: [login] });
    const text = ticketFor("rule", instance, refused, { shown: "en", seen: "refused" });
    expect(text).toContain("The server's own words: 28P01 password {{from}} $t(x) refused");
    expect(text).toContain("From: 10.9.9.9");
    expect(text).toContain("Account: monitor");
    expect(text).toContain("PostgreSQL, 10.1.4.20:5432");
  });

  it("holds the missing statements", () => {
    const privileges = [{ grant: 'GRANT pg_monitor TO "m";' }] as Check["privileges"];
    const missing = check({ cause: "privilege.missing", privileges });
    expect(ticketFor("grant", instance, missing, { shown: "zh", seen: "缺少权限" })).toContain(
      '\n\nGRANT pg_monitor TO "m";\n\n',
    );
  });
});

describe("saidBy", () => {
  it("takes no words of our own system for the server's", () => {
    const refused = { ...login, step: "connect", cause: "connect.refused" } as typeof login;
    expect(saidBy(check({ cause: "connect.refused", steps: [refused] }))).toBe("");
  });
});
