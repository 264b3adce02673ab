import { describe, expect, it } from "vitest";
import type { Check, Instance } from "@/api/types";
import { isHere } from "../check/isHere";
import { hasLoggedIn, lastRead } from "./lastRead";
import { linksOf } from "./links";

const check = (at: string, more: Partial<Check> = {}): Check =>
  ({ started_at: at, steps: [], server: null, tls: null, address: null, privileges: null, ...more }) as Check;

describe("lastRead", () => {
  it("keeps what an earlier check read where a later one failed before it", () => {
    const server = { version: "15.7" } as Check["server"];
    const read = lastRead([check("t3"), check("t2", { address: "10.0.0.2" }), check("t1", { server })]);
    expect(read.server).toEqual({ value: server, at: "t1" });
    expect(read.address).toEqual({ value: "10.0.0.2", at: "t2" });
    expect(read.tls).toBeNull();
    expect(read.privileges).toBeNull();
  });

  it("knows a plain connection from one that was never made", () => {
    const server = {} as Check["server"];
    const steps = [{ step: "tls", outcome: "skipped", cause: "tls.plaintext" }] as unknown as Check["steps"];
    expect(lastRead([check("t1", { server, steps })]).tls).toEqual({ value: null, at: "t1" });
  });
});

describe("isHere", () => {
  const at = (host: string, port: number) => check("t1", { db_type: "mysql", host, port });
  const instance = { db_type: "mysql", host: "DB1.example.com", port: 3306 } as Instance;

  it("takes a check of the endpoint that the instance has, in any case", () => {
    expect(isHere(at("db1.example.com", 3306), instance)).toBe(true);
  });

  it("takes none of where the instance was before", () => {
    expect(isHere(at("db1.example.com", 3307), instance)).toBe(false);
    expect(isHere(at("db2.example.com", 3306), instance)).toBe(false);
  });
});

describe("linksOf", () => {
  const instance = {
    id: 7,
    name: "orders-01",
    host: "::1",
    port: 5432,
    db_type: "postgresql",
    environment: null,
  } as Instance;
  const hrefs = (templates: Record<string, string>) => linksOf(templates, instance).map((one) => one.href);

  it("fills in values so that none leaves its place", () => {
    expect(hrefs({ Grafana: "https://g.example/d?host={host}&name={name}" })).toEqual([
      "https://g.example/d?host=%3A%3A1&name=orders-01",
    ]);
  });

  it("puts nothing where there is no value, and a brace for two", () => {
    expect(hrefs({ a: "https://x/{environment}?id={id}", b: "https://x/{{{port}}}" })).toEqual([
      "https://x/?id=7",
      "https://x/{5432}",
    ]);
  });

  it("gives no link for a name that is new to us, nor to what is no http(s) address", () => {
    expect(hrefs({ b: "https://x/{secret}", c: "javascript:alert({id})" })).toEqual([]);
  });
});

describe("a login", () => {
  const steps = (...outcomes: string[]) =>
    outcomes.map((outcome, at) => ({ step: ["login", "identify"][at], outcome })) as Check["steps"];

  it("has worked also where nothing could be read after it", () => {
    expect(hasLoggedIn({ steps: steps("ok", "failed") })).toBe(true);
    expect(hasLoggedIn({ steps: steps("failed", "skipped") })).toBe(false);
    expect(hasLoggedIn({ steps: [] })).toBe(false);
  });
});
