import { describe, expect, it } from "vitest";
import { addressOf, isInNetwork, isSameHost } from "./addresses";
import type { Bindings } from "./bindings";
import { countWithin } from "./within";

describe("addresses", () => {
  it("are the same in every spelling, and an IPv4 one inside IPv6 is that IPv4 one", () => {
    expect(isSameHost("FD00:10::0001", "fd00:10:0:0::1")).toBe(true);
    expect(isSameHost("::ffff:10.1.4.20", "10.1.4.20")).toBe(true);
    expect(isSameHost("10.1.4.20", "10.1.4.21")).toBe(false);
    expect(isSameHost("::1", "0.0.0.1")).toBe(false);
    expect(isSameHost("DB1.example.com.", "db1.example.com")).toBe(true);
  });

  it("are told apart from names", () => {
    for (const name of ["db1", "10.1.4", "10.1.4.300", "1.2.3.4.5", "a:b"])
      expect(addressOf(name)).toBeNull();
  });

  it.each([
    ["10.1.4.20", "10.1.0.0/16", true],
    ["10.2.4.20", "10.1.0.0/16", false],
    ["10.1.4.20", "10.1.4.20/32", true],
    ["203.0.113.9", "0.0.0.0/0", true],
    ["fd00:10::7", "fd00:10::/64", true],
    ["fd00:11::7", "fd00:10::/64", false],
    ["::ffff:10.1.4.20", "10.0.0.0/8", true],
    ["::1", "0.0.0.0/0", false],
    ["db1.example.com", "0.0.0.0/0", false],
  ])("%s in %s: %s", (host, network, inside) => {
    expect(isInNetwork(host, network)).toBe(inside);
  });
});

describe("the instances within a binding", () => {
  const instances = [
    { db_type: "postgresql", host: "10.1.4.20", port: 5432 },
    { db_type: "postgresql", host: "PG1.prod.example.com", port: 5432 },
    { db_type: "mysql", host: "10.1.4.21", port: 3306 },
  ];
  const bindings = (some: Partial<Bindings>): Bindings => ({
    hosts: [],
    suffixes: [],
    networks: [],
    engines: [],
    endpoints: [],
    ...some,
  });
  const endpoint = (db_type: string, host: string, port: number) =>
    ({ db_type, host, port }) as Bindings["endpoints"][number];

  it("are counted for each entry by itself", () => {
    const found = countWithin(
      bindings({
        hosts: ["pg1.prod.example.com", "db9"],
        suffixes: [".example.com"],
        networks: ["10.1.0.0/16", "10.9.0.0/16"],
      }),
      instances,
    );
    expect(found).toMatchObject({ hosts: [1, 0], suffixes: [1], networks: [2, 0] });
  });

  it("of an exact endpoint are those that have not moved", () => {
    const endpoints = [
      endpoint("postgresql", "10.1.4.20", 5432),
      endpoint("postgresql", "10.1.4.20", 5433),
      endpoint("mysql", "10.1.4.20", 5432),
    ];
    expect(countWithin(bindings({ endpoints }), instances).endpoints).toEqual([1, 0, 0]);
  });

  it("are narrowed by engines, but for exact endpoints", () => {
    const found = countWithin(
      bindings({
        networks: ["10.0.0.0/8"],
        engines: ["mysql", "oracle"],
        endpoints: [endpoint("postgresql", "10.1.4.20", 5432)],
      }),
      instances,
    );
    expect(found).toMatchObject({ networks: [1], engines: [1, 0], endpoints: [1] });
  });
});
