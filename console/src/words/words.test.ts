import { describe, expect, it } from "vitest";
import { engineName } from "./engines";
import { environmentName } from "./environments";
import { zhFields } from "./fields";
import { valueOfWord } from "./values";

describe("the name of an environment", () => {
  const both = { key: "dr", name: "灾备 / Disaster recovery" };

  it("is the half in the language that is shown", () => {
    expect(environmentName(both, "zh")).toBe("灾备");
    expect(environmentName(both, "en")).toBe("Disaster recovery");
  });

  it("is whole where it has no such halves, and the key where there is none", () => {
    expect(environmentName({ key: "x", name: "EU / US" }, "en")).toBe("EU / US");
    expect(environmentName({ key: "x", name: "灾备 / 演练" }, "en")).toBe("灾备 / 演练");
    expect(environmentName({ key: "x", name: null }, "zh")).toBe("x");
  });
});

describe("words", () => {
  it("of engines that are new to us are the API's own", () => {
    expect(engineName("sqlserver")).toBe("SQL Server");
    expect(engineName("newdb")).toBe("newdb");
  });

  it("lead back from Chinese to the API's values", () => {
    expect(valueOfWord.get("从库")).toBe("replica");
    expect(valueOfWord.get("已下线")).toBe("retired");
  });

  it("of filters tell one from the other, so that they can be typed", () => {
    expect(zhFields.cluster).not.toBe(zhFields.cluster_id);
    expect(zhFields.outcome_since_since).not.toBe(zhFields.outcome_since);
  });
});
