import { useLanguage } from "@/i18n/texts";
import { Problem } from "@/parts/Problem";
import { inARow } from "@/words/sentences";
import type { BatchEnd } from "./batch";
import { useActionTexts } from "./texts";
import "./Refused.css";

/** What was refused of a batch, one by one with its reason, and what was not sent at all and why. */
export function Refused({ end }: { end: BatchEnd | null }) {
  const t = useActionTexts();
  const shown = useLanguage();
  if (end === null) return null;
  const refused = end.results.filter((one) => one.status === "error");
  return (
    <>
      {end.error !== null && (
        <Problem error={end.error}>{<p>{t("unsent", { count: end.unsent })}</p>}</Problem>
      )}
      {refused.length > 0 && (
        <Problem error={t("refused", { count: refused.length })}>
          <ul className="refused">
            {refused.map((one) => (
              <li key={one.index}>
                <strong>{one.name ?? one.id}</strong>{" "}
                {inARow(
                  one.errors.map((each) => each.message),
                  shown,
                )}
              </li>
            ))}
          </ul>
        </Problem>
      )}
    </>
  );
}
