import { describe, expect, it } from "vitest";
import type { Credential } from "@/api/types";
import { changesOf, draftOf, fieldsChanged, wholeOf } from "./draft";

const CREDENTIAL = {
  name: "monitor",
  username: "m",
  description: null,
  bindings: { hosts: ["db1"], suffixes: [], networks: [], engines: ["oracle", "mysql"], endpoints: [] },
} as unknown as Credential;

describe("the form of a credential", () => {
  const before = draftOf(CREDENTIAL);

  it("sends nothing of what nobody changed", () => {
    expect(changesOf(before, { ...before, engines: ["oracle", "mysql"] })).toEqual({});
  });

  it("sends what was changed, and clears what was emptied", () => {
    const after = { ...before, username: "n", places: "db1 .example.com", description: "" };
    expect(changesOf({ ...before, description: "old" }, after)).toEqual({
      username: "n",
      description: null,
      bindings: { hosts: ["db1"], suffixes: [".example.com"], networks: [] },
    });
  });

  it("leaves the places alone where only engines changed", () => {
    expect(changesOf(before, { ...before, engines: [] })).toEqual({ bindings: { engines: [] } });
  });

  it("of a new credential sends everything", () => {
    expect(wholeOf({ ...before, name: "x" })).toEqual({
      name: "x",
      username: "m",
      description: null,
      bindings: { hosts: ["db1"], suffixes: [], networks: [], engines: ["mysql", "oracle"] },
    });
  });

  it("tells which fields were changed meanwhile", () => {
    const now = { ...CREDENTIAL, description: "new", version: 9 };
    expect(fieldsChanged(before, draftOf(now))).toEqual(["description"]);
  });
});
