import { describe, expect, it } from "vitest";
import { readFilter } from "./filter";
import { asOneValue } from "./oneValue";

describe("words after a value that has no quotes", () => {
  it("are searched for, and can be read as part of it", () => {
    expect(readFilter("host:not a host!!").query).toEqual({ host: ["not"], search: ["a host!!"] });
    const one = asOneValue("host:not a host!! port:5432");
    expect(one).toEqual({ text: 'host:"not a host!!" port:5432', condition: 'host:"not a host!!"' });
    expect(readFilter(one?.text ?? "").query).toEqual({ host: ["not a host!!"], port: ["5432"] });
  });

  it("belong to the last of several values", () => {
    expect(asOneValue("owner:dba,team shop")?.text).toBe('owner:dba,"team shop"');
  });

  it("belong to nothing where a value is quoted, cannot hold a space, or none follows", () => {
    for (const text of [
      'host:"db 1" orders',
      "port:5432 orders",
      "not a host!!",
      "host:db1",
      'host:db1 "orders"',
      "x:y z",
    ])
      expect(asOneValue(text)).toBeNull();
  });
});
