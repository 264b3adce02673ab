import { describe, expect, it } from "vitest";
import type { Instance } from "@/api/types";
import {
  changedFields,
  copyOf,
  createBody,
  EMPTY,
  FIELDS,
  isShown,
  newPair,
  patchBody,
  type Values,
  valuesOf,
  withEngine,
  withLifecycle,
} from "./fields";

const INSTANCE = {
  id: 7,
  name: "orders-01",
  db_type: "oracle",
  host: "10.1.4.20",
  port: 1521,
  service_name: "ORDERS",
  sid: null,
  instance_name: null,
  database_name: null,
  description: null,
  is_active: true,
  tags: [
    { id: 1, name: "pay", color: null },
    { id: 2, name: "eu", color: null },
  ],
  environment: "production",
  owner: "team-shop",
  criticality: 1,
  lifecycle: "active",
  credential_id: 3,
  admin_credential_id: null,
  cluster_id: null,
  tls_mode: null,
  tls_ca: null,
  tls_client_cert: null,
  tls_client_key_set: true,
  tls_legacy: false,
  connect_timeout_ms: 3000,
  statement_timeout_ms: 5000,
  deadline_ms: 15000,
  contact: null,
  location: null,
  endpoint_kind: "server",
  platform: "self_hosted",
  external_ids: { cmdb: "CI-1", itsm: "9" },
  custom: { rack: "B12", units: 2, spare: false, note: null },
  muted_until: "2026-12-31T16:00:05+00:00",
  version: 4,
} as unknown as Instance;

const base = valuesOf(INSTANCE);
const edited = (change: Partial<Values>): Values => ({ ...base, ...change });

describe("what changed becomes the body of a PATCH", () => {
  it("is nothing at first, for every kind of field", () => {
    expect(changedFields(base, valuesOf(INSTANCE))).toEqual([]);
    expect(patchBody(base, valuesOf(INSTANCE))).toEqual({});
  });

  it("holds only what differs, in the API's types", () => {
    const mine = edited({
      port: " 1522 ",
      owner: "",
      criticality: "2",
      is_active: false,
      host: "10.1.4.21 ",
    });
    expect(patchBody(base, mine)).toEqual({
      port: 1522,
      owner: null,
      criticality: 2,
      is_active: false,
      host: "10.1.4.21",
    });
  });

  it("does not take blanks around a value for a change", () => {
    expect(patchBody(base, edited({ owner: " team-shop " }))).toEqual({});
  });

  it("leaves what is no number to the server's sentence", () => {
    expect(patchBody(base, edited({ port: "15a" }))).toEqual({ port: "15a" });
  });

  it("names the members of an object that changed, and null for those that went", () => {
    const custom = base.custom.filter((one) => one.key !== "rack").map((one) => ({ ...one }));
    const units = custom.find((one) => one.key === "units");
    if (units) units.value = "4";
    expect(patchBody(base, edited({ custom: [...custom, newPair("hot", "true", "boolean")] }))).toEqual({
      custom: { rack: null, units: 4, hot: true },
    });
    expect(patchBody(base, edited({ external_ids: [] }))).toEqual({
      external_ids: { cmdb: null, itsm: null },
    });
  });

  it("clears all custom members by null", () => {
    expect(patchBody(base, edited({ custom: [] }))).toEqual({ custom: null });
  });

  it("does not mind the order of tags, and sends all of them when one is new", () => {
    expect(patchBody(base, edited({ tag_names: ["eu", "pay"] }))).toEqual({});
    expect(patchBody(base, edited({ tag_names: ["pay", "new"] }))).toEqual({ tag_names: ["pay", "new"] });
  });

  it("keeps the sealed key unless it is replaced or removed", () => {
    expect(patchBody(base, edited({ tls_client_key: "" }))).toEqual({});
    expect(patchBody(base, edited({ tls_client_key: null }))).toEqual({ tls_client_key: null });
    expect(patchBody(base, edited({ tls_client_key: "PEM" }))).toEqual({ tls_client_key: "PEM" });
  });

  it("moves an instant with the local time that was typed", () => {
    const body = patchBody(base, edited({ muted_until: base.muted_until.replace(":05", ":06") }));
    expect(body).toEqual({ muted_until: "2026-12-31T16:00:06+00:00" });
    expect(patchBody(base, edited({ muted_until: "" }))).toEqual({ muted_until: null });
  });
});

describe("fields that only some engines have", () => {
  it("are cleared with the engine, and come back with it", () => {
    const other = withEngine(base, "postgresql");
    expect(isShown("service_name", other, base)).toBe(false);
    expect(patchBody(base, other)).toEqual({ db_type: "postgresql", port: 5432, service_name: null });
    expect(patchBody(base, withEngine(other, "oracle"))).toEqual({});
  });

  it("are shown where the instance has a value there all the same", () => {
    const odd = valuesOf({ ...INSTANCE, db_type: "mysql" } as Instance);
    expect(isShown("service_name", odd, odd)).toBe(true);
    expect(isShown("sid", odd, odd)).toBe(false);
    expect(patchBody(odd, odd)).toEqual({});
  });

  it("go by the engine in a new instance", () => {
    const values = { ...EMPTY, db_type: "sqlserver" };
    expect(
      ["instance_name", "service_name", "sid"].map((field) => isShown(field as "sid", values, EMPTY)),
    ).toEqual([true, false, false]);
  });

  it("let the port follow the engine until somebody types another", () => {
    const mysql = withEngine(EMPTY, "mysql");
    expect(mysql.port).toBe("3306");
    expect(withEngine(mysql, "oracle").port).toBe("1521");
    expect(withEngine({ ...mysql, port: "3307" }, "oracle").port).toBe("3307");
  });
});

describe("a new instance", () => {
  it("sends what is filled in and leaves the rest to the API", () => {
    const values: Values = { ...EMPTY, name: "a", db_type: "mysql", host: "h", port: "3306" };
    expect(createBody(values, EMPTY)).toEqual({
      name: "a",
      db_type: "mysql",
      host: "h",
      port: 3306,
      lifecycle: "active",
      endpoint_kind: "server",
      platform: "self_hosted",
    });
    expect(createBody({ ...values, is_active: false }, EMPTY)).toMatchObject({ is_active: false });
  });

  it("is not in use once it is retired, and is again when that was a slip", () => {
    const retired = withLifecycle(base, "retired", base);
    expect(patchBody(base, retired)).toEqual({ lifecycle: "retired", is_active: false });
    expect(patchBody(base, withLifecycle(retired, "active", base))).toEqual({});
    expect(withLifecycle(retired, "active", retired).is_active).toBe(false);
  });

  it("after a pattern takes all but the name, the key and the outside ids", () => {
    const copy = copyOf(INSTANCE);
    const differ = FIELDS.filter((field) => JSON.stringify(copy[field]) !== JSON.stringify(base[field]));
    expect(differ.filter((field) => field !== "custom").sort()).toEqual(["external_ids", "name"]);
    expect(createBody(copy, copy)).not.toHaveProperty("tls_client_key");
  });
});
