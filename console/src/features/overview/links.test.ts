import { describe, expect, test } from "vitest";
import { parseSearch, stringifySearch } from "@/app/search";
import { acrossEnvironments, searchOf } from "./links";
import { EVERYTHING, questionOf, scopeOf, searchOfScope } from "./scope";

const urlOf = (filter: Parameters<typeof searchOf>[0]): string => stringifySearch(searchOf(filter));

describe("a filter of the API becomes the URL of the list", () => {
  test("numbers and truth values are written out", () => {
    expect(urlOf({ credential_id: 7, outcome: "failed" })).toBe("?credential_id=7&outcome=failed");
    expect(urlOf({ checked: false })).toBe("?checked=false");
  });

  test("an empty value stays: it asks for instances without one", () => {
    expect(urlOf({ cause: "connect.refused", credential_id: "" })).toBe(
      "?cause=connect.refused&credential_id=",
    );
  });

  test("a list repeats its parameter", () => {
    expect(urlOf({ environment: ["production", "dr"], outcome: "failed" })).toBe(
      "?environment=production&environment=dr&outcome=failed",
    );
  });

  test("text keeps its signs", () => {
    const url = urlOf({ owner: "数据 & Co", tls_not_after_until: "2026-12-27T23:47:24+00:00" });
    expect(parseSearch(url)).toEqual({
      owner: "数据 & Co",
      tls_not_after_until: "2026-12-27T23:47:24+00:00",
    });
  });

  test("several environments become one filter", () => {
    const filters = ["a", "b"].map((environment) => ({ environment, outcome: "failed", owner: "me" }));
    expect(acrossEnvironments(filters)).toEqual({ environment: ["a", "b"], outcome: "failed", owner: "me" });
    expect(acrossEnvironments(filters.slice(0, 1))).toEqual(filters[0]);
  });
});

describe("the scope in the URL", () => {
  test("everything is no query at all", () => {
    expect(stringifySearch(searchOfScope(EVERYTHING))).toBe("");
    expect(scopeOf({})).toEqual(EVERYTHING);
  });

  test("each scope comes back out of its URL, an empty one too", () => {
    for (const scope of [
      { mine: true, environment: null, owner: null },
      { mine: true, environment: "production", owner: null },
      { mine: false, environment: "", owner: null },
      { mine: false, environment: "test", owner: "数据平台组" },
      { mine: false, environment: null, owner: "" },
    ]) {
      expect(scopeOf(parseSearch(stringifySearch(searchOfScope(scope))))).toEqual(scope);
    }
  });

  test("mine asks for whoever looks, and no other owner beside", () => {
    const scope = scopeOf({ mine: "true", owner: "ann" });
    expect(questionOf(scope, "bob")).toEqual({ owner: ["bob"] });
    expect(questionOf(scopeOf({ owner: [""], environment: "test" }), "bob")).toEqual({
      owner: [""],
      environment: ["test"],
    });
  });
});
