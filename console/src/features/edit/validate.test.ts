import { describe, expect, it } from "vitest";
import { EMPTY, newPair, type Values } from "./fields";
import { faultOf, faultsOf } from "./validate";

const filled: Values = { ...EMPTY, name: "orders-01", db_type: "mysql", host: "db1", port: "3306" };
const fault = (change: Partial<Values>) =>
  faultOf(Object.keys(change)[0] as keyof Values, { ...filled, ...change });

describe("the rules of the OpenAPI document", () => {
  it("ask for what is required, and for nothing else", () => {
    expect(Object.keys(faultsOf(EMPTY, null)).sort()).toEqual(["db_type", "host", "name", "port"]);
    expect(faultsOf(filled, null)).toEqual({});
  });

  it("hold the name to its characters and its length", () => {
    expect(fault({ name: "订单-01" })).toBeNull();
    expect(fault({ name: "bad name" })?.key).toBe("nameFormat");
    expect(fault({ name: "a".repeat(101) })).toEqual({ key: "tooLong", values: { most: 100 } });
  });

  it("take a host name or an address, and nothing that holds more", () => {
    const sound = ["db1", "db_1.example.com.", "10.1.4.20", "::1", "fd00:10::0a", "::ffff:10.1.4.20", "1e3"];
    expect(sound.filter((host) => fault({ host }) !== null)).toEqual([]);
    const wrong = [
      ...[
        "https://db1:5432",
        "jdbc:postgresql://db1/shop",
        "db1:5432",
        "10.1.4.20:5432",
        "[::1]",
        "[::1]:5432",
      ],
      ...["db1/shop", "db1,db2", "user@db1", "db 1", "-db1", "db..1", "fe80::1%eth0", "1::2::3", "::12345"],
      ...["127.1", "0x7f000001", "10.1.4.256", "010.1.4.20", "10.1.4.20.", "数据库"],
    ];
    expect(wrong.filter((host) => fault({ host })?.key !== "hostFormat")).toEqual([]);
    expect(fault({ host: "d".repeat(256) })).toEqual({ key: "tooLong", values: { most: 255 } });
  });

  it("hold numbers to their range", () => {
    expect(fault({ port: "65535" })).toBeNull();
    expect(fault({ port: "65536" })).toEqual({ key: "outOfRange", values: { least: 1, most: 65535 } });
    expect(fault({ port: "33.6" })?.key).toBe("notInteger");
    expect(fault({ deadline_ms: "999" })).toEqual({
      key: "outOfRange",
      values: { least: 1000, most: 60000 },
    });
  });

  it("count characters as the API does, not halves of them", () => {
    expect(fault({ owner: "𠮷".repeat(100) })).toBeNull();
    expect(fault({ owner: "𠮷".repeat(101) })?.key).toBe("tooLong");
  });

  it("refuse control characters where one line is asked for", () => {
    expect(fault({ owner: "a\u0007b" })?.key).toBe("format");
    expect(fault({ description: "one\ntwo" })).toBeNull();
  });

  it("see members without a key, twice the same key, and numbers that are none", () => {
    expect(fault({ custom: [newPair("", "x")] })?.key).toBe("keyMissing");
    expect(fault({ custom: [newPair("a", "1"), newPair(" a", "2")] })?.key).toBe("keyTwice");
    expect(fault({ custom: [newPair("a", "", "number")] })?.key).toBe("notANumber");
    expect(fault({ custom: [newPair("a", "1e3", "number")] })).toBeNull();
  });

  it("do not bind a field that the engine has not", () => {
    const values = { ...filled, sid: "bad sid" };
    expect(faultsOf(values, null)).toEqual({});
    expect(faultsOf({ ...values, db_type: "oracle" }, null)).toEqual({ sid: { key: "format" } });
  });
});
