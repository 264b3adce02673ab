import { useActionWord } from "@/session/roles";
import { Empty } from "./Empty";
import { usePartTexts } from "./texts";

/** A screen that the role may not see says which action it takes. */
export function Forbidden({ action }: { action: string }) {
  const t = usePartTexts();
  const word = useActionWord();
  return <Empty title={t("forbiddenTitle")} hint={t("forbidden", { action: word(action) })} />;
}
