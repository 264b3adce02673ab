import { describe, expect, it } from "vitest";
import { fixOf, ticketOf } from "./fix";

const withLogin = { credential_id: 7 };

describe("fixOf", () => {
  it.each([
    ["login.refused", { kind: "credential", credentialId: 7 }],
    ["login.suspended", { kind: "credential", credentialId: 7 }],
    ["guard.credential_not_bound", { kind: "credential", credentialId: 7 }],
    ["login.no_credential", { kind: "edit", field: "credential_id" }],
    ["connect.refused", { kind: "edit", field: "host" }],
    ["connect.named_instance", { kind: "edit", field: "instance_name" }],
    ["resolve.not_found", { kind: "edit", field: "host" }],
    ["resolve.try_again", { kind: "again" }],
    ["greeting.other_engine", { kind: "edit", field: "db_type" }],
    ["greeting.silent", { kind: "edit", field: "port" }],
    ["tls.unknown_ca", { kind: "edit", field: "tls_ca" }],
    ["tls.required", { kind: "edit", field: "tls_mode" }],
    ["tls.cert_expired", { kind: "none" }],
    ["database.unknown", { kind: "edit", field: "database_name" }],
    ["privilege.missing", { kind: "grant" }],
    ["identity.changed", { kind: "fingerprint" }],
    ["server.starting", { kind: "again" }],
    ["access.host_not_allowed", { kind: "none" }],
    ["not_implemented", { kind: "none" }],
  ] as const)("%s leads to %o", (cause, fix) => {
    expect(fixOf(cause, withLogin)).toEqual(fix);
  });

  it("leads to the choice of a credential where there is none to open", () => {
    expect(fixOf("login.refused", { credential_id: null })).toEqual({ kind: "edit", field: "credential_id" });
  });
});

describe("ticketOf", () => {
  it.each([
    ["connect.timeout", "firewall"],
    ["connect.refused", "firewall"],
    ["access.host_not_allowed", "rule"],
    ["login.refused", "rule"],
    ["privilege.filtered", "grant"],
    ["login.no_session_right", "grant"],
    ["tls.cert_expired", "server"],
    ["server.storage_full", "server"],
    ["login.no_credential", null],
    ["tls.unverified", null],
    ["resolve.not_found", null],
    ["identity.changed", null],
    [null, null],
  ] as const)("%s goes to %s", (cause, kind) => {
    expect(ticketOf({ cause })).toBe(kind);
  });
});
