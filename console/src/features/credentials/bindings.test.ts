import { describe, expect, it } from "vitest";
import {
  type Bindings,
  entryOf,
  isUnbound,
  placesOf,
  shortOf,
  textOf,
  without,
  wrongPlace,
} from "./bindings";

const NONE: Bindings = { hosts: [], suffixes: [], networks: [], engines: [], endpoints: [] };

describe("places in a text", () => {
  it("are sorted out by what they look like", () => {
    expect(placesOf("db1.example.com\n.example.com 10.1.0.0/16, 10.1.4.20；::1/128")).toEqual({
      hosts: ["db1.example.com", "10.1.4.20"],
      suffixes: [".example.com"],
      networks: ["10.1.0.0/16", "::1/128"],
    });
  });

  it("may be written as people write them", () => {
    expect(placesOf("*.example.com [2001:db8::1]")).toEqual({
      hosts: ["2001:db8::1"],
      suffixes: [".example.com"],
      networks: [],
    });
  });

  it("count once, whatever their case", () => {
    expect(placesOf("DB1\ndb1\n10.0.0.0/8 10.0.0.0/8")).toEqual({
      hosts: ["DB1"],
      suffixes: [],
      networks: ["10.0.0.0/8"],
    });
  });

  it("come back from the text of the lists as they were", () => {
    const lists = {
      hosts: ["10.0.0.1", "DB.example.com"],
      suffixes: [".example.com", ".invalid"],
      networks: ["10.0.0.0/8", "2001:db8::/32"],
    };
    expect(placesOf(textOf(lists))).toEqual(lists);
  });

  it("leave a suffix without its dot a suffix", () => {
    expect(placesOf(textOf({ ...NONE, suffixes: ["example.com"] })).suffixes).toEqual([".example.com"]);
  });

  it("are held to the rules of the API", () => {
    expect(wrongPlace(placesOf(".example.com 10.0.0.0/8"))).toBeNull();
    expect(wrongPlace(placesOf(".exa$mple"))).toEqual({ entry: ".exa$mple" });
    const many = Array.from({ length: 101 }, (_, at) => `db${at}`).join(" ");
    expect(wrongPlace(placesOf(many))).toEqual({ place: "hosts", most: 100 });
  });

  it("are named by the fields of an error", () => {
    const lists = placesOf("a b 10.1.2.3/8");
    expect(entryOf("bindings.hosts.1", lists)).toBe("b");
    expect(entryOf("bindings.networks.0", lists)).toBe("10.1.2.3/8");
    expect(entryOf("bindings.networks.9", lists)).toBeNull();
    expect(entryOf("name", lists)).toBeNull();
  });
});

describe("bindings", () => {
  const endpoint = {
    db_type: "mysql",
    host: "db1",
    port: 3306,
    tls_mode: "require",
    tls_ca_digest: null,
    tls_legacy: false,
  };

  it("with engines alone bind to nothing", () => {
    expect(isUnbound({ ...NONE, engines: ["mysql"] })).toBe(true);
    expect(isUnbound({ ...NONE, endpoints: [endpoint] })).toBe(false);
  });

  it("in short name the first and count the others", () => {
    const bindings = { ...NONE, networks: ["10.0.0.0/8"], hosts: ["a", "b"], endpoints: [endpoint] };
    expect(shortOf(bindings)).toEqual({ shown: ["10.0.0.0/8", "a", "b"], more: 1 });
    expect(shortOf(bindings, 4)).toEqual({ shown: ["10.0.0.0/8", "a", "b", "db1:3306"], more: 0 });
  });

  it("lose one entry and leave the other kinds alone", () => {
    expect(without({ ...NONE, hosts: ["a", "b", "c"] }, "hosts", 1)).toEqual({ hosts: ["a", "c"] });
  });
});
