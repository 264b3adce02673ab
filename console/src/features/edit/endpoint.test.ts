import { describe, expect, it } from "vitest";
import { endpointIn, isTwin } from "./endpoint";
import { EMPTY, type Values } from "./fields";

const typed = (more: Partial<Values>): Values => ({ ...EMPTY, db_type: "oracle", ...more });

describe("the endpoint that is typed in", () => {
  it("is one when engine, host and port are there", () => {
    expect(endpointIn(typed({ host: " DB1.example.com ", port: "1521" }))).toEqual({
      db_type: "oracle",
      host: "db1.example.com",
      port: 1521,
    });
    expect(endpointIn(typed({ host: "::1", port: "1521" }))?.host).toBe("::1");
  });

  it("is none as long as the API would refuse it", () => {
    expect(endpointIn(typed({ host: "", port: "1521" }))).toBeNull();
    expect(endpointIn(typed({ host: "db1", port: "" }))).toBeNull();
    expect(endpointIn(typed({ host: "db1", port: "70000" }))).toBeNull();
    expect(endpointIn(typed({ host: "not a host!!", port: "1521" }))).toBeNull();
    expect(endpointIn({ ...typed({ host: "db1", port: "1521" }), db_type: "" })).toBeNull();
  });

  it("is another one under another service", () => {
    const other = { service_name: "ORDERS", sid: null, instance_name: null };
    expect(isTwin(other, typed({ service_name: "ORDERS" }))).toBe(true);
    expect(isTwin(other, typed({ service_name: "PAY" }))).toBe(false);
    expect(isTwin({ ...other, service_name: null }, typed({}))).toBe(true);
  });
});
