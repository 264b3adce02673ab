import type { State } from "@/parts/StatusMark";
import type { Chain } from "./queries";

export type ChainWord = "sound" | "broken" | "unverified";

/** Whether the chain holds, as far as anybody has looked: what was never verified is neither sound nor broken. */
export function chainState({ verified }: Pick<Chain, "verified">): { state: State; word: ChainWord } {
  if (verified === null) return { state: "never", word: "unverified" };
  return verified.sound ? { state: "ok", word: "sound" } : { state: "failed", word: "broken" };
}
