import { describe, expect, it } from "vitest";
import { accept, type Sources, suggest } from "./suggest";

const sources: Sources = {
  keyOf: (typed) => (["tags", "outcome", "owner"].includes(typed) ? typed : undefined),
  labelOf: (key) => (key === "environment" ? "环境" : key),
  choices: (key) =>
    key === "tags"
      ? [
          { value: "shop", hint: "" },
          { value: "team shop", hint: "" },
          { value: "batch", hint: "" },
        ]
      : key === "outcome"
        ? [{ value: "failed", hint: "失败" }]
        : [],
};
const at = (marked: string) => {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  return { text, found: suggest(text, caret, sources) };
};
const shown = (marked: string): string[] => at(marked).found.options.map((one) => one.shown);
function choose(marked: string, which: string): string {
  const { text, found } = at(marked);
  const option = found.options.find((one) => one.shown === which);
  if (!option) throw new Error(`${which} is not suggested`);
  const done = accept(text, found, option);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

describe("completion", () => {
  it("offers keys by key and by label, what begins so first", () => {
    expect(shown("env|")[0]).toBe("environment:");
    expect(shown("环境|")).toEqual(["environment:"]);
    expect(shown("|")[0]).toBe("environment:");
    expect(shown("a | b").length).toBeGreaterThan(20);
  });

  it("offers values after the colon and after each comma, none of them twice", () => {
    expect(shown("tags:|")).toEqual(["shop", "team shop", "batch"]);
    expect(shown("tags:sh|")).toEqual(["shop", "team shop"]);
    expect(shown("tags:shop,|")).toEqual(["team shop", "batch"]);
    expect(shown("outcome:失|")).toEqual(["failed"]);
    expect(shown("nonsense:x|")).toEqual([]);
  });

  it("puts a key before its values and a value where it was begun", () => {
    expect(choose("x ta| y", "tags:")).toBe("x tags:| y");
    expect(choose("tags:sh|", "team shop")).toBe('tags:"team shop" |');
    expect(choose("tags:sh|,batch", "shop")).toBe("tags:shop|,batch");
    expect(choose("tags:shop,ba| x", "batch")).toBe("tags:shop,batch| x");
    expect(choose("owne|:me", "owner:")).toBe("owner:|me");
  });

  it("offers the two conditions that an address with a port means", () => {
    expect(choose("10.1.4.20:5432|", "host:10.1.4.20 port:5432")).toBe("host:10.1.4.20 port:5432 |");
    expect(choose("[fe80::1]:3306|", "host:fe80::1 port:3306")).toBe("host:fe80::1 port:3306 |");
    expect(choose("db1.example.com:5432|", "host:db1.example.com port:5432")).toBe(
      "host:db1.example.com port:5432 |",
    );
  });
});
