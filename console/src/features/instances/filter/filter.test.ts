import { describe, expect, it } from "vitest";
import { parseSearch, type Search, stringifySearch } from "@/app/search";
import { aliasesWith } from "./aliases";
import { printFilter, readFilter, requestOf, sameFilter, without } from "./filter";
import { momentOf } from "./values";

const query = (text: string): Search => readFilter(text).query;
const faults = (text: string): (string | undefined)[] =>
  readFilter(text).tokens.map((token) => token.fault?.code);

describe("reading a filter", () => {
  it("takes free words as one search, wherever they stand", () => {
    expect(query("orders environment:production 01")).toEqual({
      search: ["orders 01"],
      environment: ["production"],
    });
  });

  it("splits values at commas and joins a key that stands twice, each value once", () => {
    expect(query("db_type:mysql,mariadb tags:a tags:b,a")).toEqual({
      db_type: ["mysql", "mariadb"],
      tags: ["a", "b"],
    });
  });

  it("keeps spaces, commas, quotes and colons inside of quotes", () => {
    expect(query('owner:"team shop" contact:"a, b" location:"say \\"hi\\"" custom:rack:12')).toEqual({
      owner: ["team shop"],
      contact: ["a, b"],
      location: ['say "hi"'],
      custom: ["rack:12"],
    });
  });

  it("tells a value that is empty on purpose from one that is still to come", () => {
    expect(query('owner:""')).toEqual({ owner: [""] });
    expect(query("owner:")).toEqual({});
    expect(faults("owner:")).toEqual(["missing"]);
    expect(faults('name:""')).toEqual(["missing"]);
  });

  it("reads ranges, yes and no, and the minus of tags", () => {
    expect(query("criticality:1..2 checked:no -tags:old criticality:..1")).toEqual({
      criticality: ["1", "2"],
      checked: ["false"],
      not_tags: ["old"],
    });
  });

  it("reads Chinese keys and values, and full-width marks", () => {
    const aliases = aliasesWith(new Map([["生产", "production"]]));
    expect(readFilter("环境：生产 检测结果:失败，降级 检测过:否", aliases).query).toEqual({
      environment: ["production"],
      outcome: ["failed", "degraded"],
      checked: ["false"],
    });
  });

  it("takes an address with a port, a paging word and a quoted colon as free text", () => {
    expect(query("10.1.4.20:5432")).toEqual({ search: ["10.1.4.20:5432"] });
    expect(query("sort:name")).toEqual({ search: ["sort:name"] });
    expect(query('"foo:bar"')).toEqual({ search: ["foo:bar"] });
  });

  it("keeps what it does not know in the query, and marks it", () => {
    const filter = readFilter("enviroment:production constructor:x __proto__:y");
    expect(filter.faulty).toBe(true);
    expect(filter.tokens.map((token) => token.fault?.code)).toEqual(["unknown", "unknown", "unknown"]);
    expect(Object.keys(filter.query)).toEqual(["enviroment", "constructor", "__proto__"]);
    expect(requestOf(filter)).toEqual({});
  });

  it("says what is wrong with a value", () => {
    expect(faults("port:abc")).toEqual(["number"]);
    expect(faults("port:70000")).toEqual(["range"]);
    expect(faults("outcome:broken")).toEqual(["choice"]);
    expect(faults("checked:maybe")).toEqual(["boolean"]);
    expect(faults("last_success_since:yesterday")).toEqual(["time"]);
    expect(faults("custom:rack")).toEqual(["form"]);
    expect(faults("checked:yes checked:no")).toEqual([undefined, "single"]);
    expect(faults(`search${"x".repeat(200)}`)).toEqual(["long"]);
    expect(faults(`port:${Array.from({ length: 51 }, (_, at) => at + 1).join(",")}`)).toEqual(["many"]);
  });
});

describe("round trips", () => {
  const texts = [
    "orders environment:production db_type:mysql,mariadb",
    'owner:"team shop","",me outcome:"",failed',
    'custom:"rack:a b",x:1 "foo:bar  baz"',
    "last_success_since:2026-11-01 checked:no",
    'name:"a\\\\b","say \\"hi\\"" 订单',
    "nonsense:x port:abc",
  ];

  it.each(texts)("text → query → text → query: %s", (text) => {
    const once = query(text);
    expect(query(printFilter(once))).toEqual(once);
    expect(printFilter(query(printFilter(once)))).toBe(printFilter(once));
  });

  it.each(texts)("text → URL → text: %s", (text) => {
    const once = query(text);
    const back = parseSearch(stringifySearch(once));
    expect(sameFilter(back, once)).toBe(true);
    expect(printFilter(back)).toBe(printFilter(once));
  });

  it("leaves paging and order out of the text", () => {
    expect(printFilter(parseSearch("?page=3&limit=20&sort=name&order=asc&tags=a&tags=b"))).toBe("tags:a,b");
  });

  it.each(["a  b", " a", 'say "hi"', "x:y", "-tags:x", "sort:name", "back\\slash"])(
    "keeps the free text %s as it is",
    (search) => {
      expect(query(printFilter({ search }))).toEqual({ search: [search] });
    },
  );
});

describe("what the API is asked", () => {
  const now = Date.parse("2026-11-27T12:00:30Z");

  it("leaves out what is faulty", () => {
    expect(requestOf(readFilter("port:abc tags:a nonsense:x orders"))).toEqual({
      tags: ["a"],
      search: ["orders"],
    });
  });

  it("turns ages into moments, to the minute", () => {
    expect(requestOf(readFilter("last_success_until:7d"), now)).toEqual({
      last_success_until: ["2026-11-20T12:00:00.000Z"],
    });
  });

  it("takes a day as a whole", () => {
    const day = 86_400_000;
    const start = momentOf("2026-11-01", { end: false, now }) ?? "";
    const end = momentOf("2026-11-01", { end: true, now }) ?? "";
    expect(Date.parse(end) - Date.parse(start)).toBe(day - 1);
    expect(momentOf("2026-02-30T00:00:99", { end: false, now })).toBeNull();
  });

  it("removes one value, or a key", () => {
    const search = { tags: ["a", "b"], search: "x", page: "2" };
    expect(without(search, "tags", "a")).toEqual({ tags: ["b"], search: "x", page: "2" });
    expect(without(search, "tags")).toEqual({ search: "x", page: "2" });
    expect(without(search, "search", "x")).toEqual({ tags: ["a", "b"], page: "2" });
  });
});
