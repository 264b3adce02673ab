import { describe, expect, it } from "vitest";
import { detailOf, type Seen, seenOf, type SeenWords } from "./seen";

const LABELS: Record<string, string> = {
  user: "User",
  tried: "Tried",
  needs: "For collecting",
  node: "Node",
};
const words: SeenWords = {
  label: (name) => LABELS[name] ?? null,
  need: (name) => `<${name}>`,
  engine: (name) => `engine ${name}`,
  value: (name, value) => (name === "needs" && value === "ok" ? "can be read" : null),
  yes: "yes",
  no: "no",
  nothing: "—",
  moment: () => "then",
  bytes: (size) => `${size} bytes`,
};
const seen = (detail: Record<string, unknown>): Seen[] => seenOf({ detail }, words);
const values = (detail: Record<string, unknown>) => seen(detail).flatMap((one) => one.values);
const word = (text: string) => ({ text, isWord: true });
const raw = (text: string) => ({ text, isWord: false });

describe("what a step has seen", () => {
  it("leaves out what stands elsewhere and what is nothing", () => {
    const detail = { server_code: 1, server_text: "no", grant: "GRANT x;", user: "m", flavour: null };
    expect(detailOf({ detail })).toEqual([["user", "m"]]);
  });

  it("has a word for a name that is known, and leaves any other as it is", () => {
    const labels = seen({ user: "m", brand_new: 1 }).map((one) => one.label);
    expect(labels).toEqual([word("User"), raw("brand_new")]);
  });

  it("says yes and no, moments, sizes and engines in words, and nothing else", () => {
    expect(values({ verified: false, pooler: true })).toEqual([word("no"), word("yes")]);
    expect(values({ not_after: "2026-12-08T05:34:40+00:00", limit_bytes: 9 })).toEqual([
      word("then"),
      word("9 bytes"),
    ]);
    expect(values({ speaks: "postgresql" })).toEqual([word("engine postgresql")]);
    expect(values({ user: "postgresql", days_left: 9 })).toEqual([raw("postgresql"), raw("9")]);
  });

  it("keeps a moment that is none as it came", () => {
    expect(values({ not_after: "never" })).toEqual([raw("never")]);
  });

  it("puts each attempt on a line, and plain entries into one", () => {
    const tried = [
      { address: "10.0.0.1", cause: "connect.timeout" },
      { address: "10.0.0.2", cause: "connect.refused" },
    ];
    expect(values({ tried })).toEqual([raw("10.0.0.1 · connect.timeout"), raw("10.0.0.2 · connect.refused")]);
    expect(values({ addresses: ["10.0.0.1", "10.0.0.2"] })).toEqual([raw("10.0.0.1, 10.0.0.2")]);
  });

  it("gives members their names: needs by what is collected, the others by their own", () => {
    const [needs, pending] = seen({
      needs: { sizes: "ok", accounts: "query.timeout" },
      pending: { node: null, server_id: "7" },
    });
    expect(needs?.members).toEqual([
      { name: "sizes", label: word("<sizes>"), value: word("can be read") },
      { name: "accounts", label: word("<accounts>"), value: raw("query.timeout") },
    ]);
    expect(pending?.members).toEqual([
      { name: "node", label: word("Node"), value: word("—") },
      { name: "server_id", label: raw("server_id"), value: raw("7") },
    ]);
  });
});
