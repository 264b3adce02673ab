import { expect, it } from "vitest";
import { chainState } from "./chain";

it("a chain that nobody verified is neither sound nor broken", () => {
  expect(chainState({ verified: null })).toEqual({ state: "never", word: "unverified" });
});

it("a verified chain is what the verification found", () => {
  const verified = { at: "2026-11-27T00:00:00Z", through_seal: 3 };
  expect(chainState({ verified: { ...verified, sound: true } })).toEqual({ state: "ok", word: "sound" });
  expect(chainState({ verified: { ...verified, sound: false } })).toEqual({
    state: "failed",
    word: "broken",
  });
});
