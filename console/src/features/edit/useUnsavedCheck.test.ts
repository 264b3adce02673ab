import { describe, expect, it } from "vitest";
import { EMPTY } from "./fields";
import { endpointOf } from "./useUnsavedCheck";

describe("what a check of the form sends", () => {
  const values = {
    ...EMPTY,
    db_type: "mysql",
    host: "h",
    port: "3306",
    name: "n",
    owner: "o",
    credential_id: "3",
  };

  it("is the endpoint and its login, and no other field", () => {
    expect(endpointOf(values, null)).toEqual({
      db_type: "mysql",
      host: "h",
      port: 3306,
      credential_id: 3,
      tls_legacy: false,
    });
  });

  it("is a login of its own instead of the credential", () => {
    const own = { username: "u", password: "p" };
    const sent = endpointOf(values, own);
    expect(sent).toMatchObject(own);
    expect(sent).not.toHaveProperty("credential_id");
  });

  it("leaves a certificate out whose key only the server has", () => {
    const withCert = { ...values, tls_client_cert: "CERT" };
    expect(endpointOf(withCert, null)).not.toHaveProperty("tls_client_cert");
    expect(endpointOf({ ...withCert, tls_client_key: "KEY" }, null)).toMatchObject({
      tls_client_cert: "CERT",
      tls_client_key: "KEY",
    });
  });
});
