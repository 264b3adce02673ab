import { useMe } from "@/session/me";
import { useActorWord, type Who } from "./actor";
import { authorOf } from "./lastChange";
import { useChangeTexts } from "./texts";

/** Who was quicker: somebody else, or oneself in another tab; nothing where nobody knows. */
export function ByWhom({ who }: { who: Who | null }) {
  const t = useChangeTexts();
  const actor = useActorWord();
  const author = authorOf(who, useMe());
  if (who === null || author === "unknown") return null;
  return <p>{author === "own" ? t("byOwn") : t("byOther", { name: actor(who) })}</p>;
}
