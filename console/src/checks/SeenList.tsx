import { useLanguage } from "@/i18n/texts";
import { bytes, DASH, exactTime } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { engineName } from "@/words/engines";
import { useWord } from "@/words/values";
import type { Rung } from "./ladder";
import { type SeenText, seenOf, type SeenWords } from "./seen";
import "./SeenList.css";
import { isSeenValue, isSeenWord, useSeenTexts, useSeenValues } from "./seenTexts";

function useSeenWords(): SeenWords {
  const label = useSeenTexts();
  const value = useSeenValues();
  const part = usePartTexts();
  const need = useWord();
  const shown = useLanguage();
  return {
    label: (name) => (isSeenWord(name) ? label(name) : null),
    need,
    engine: engineName,
    value: (name, said) => {
      const key = `${name} ${said}`;
      return isSeenValue(key) ? value(key) : null;
    },
    yes: part("yes"),
    no: part("no"),
    nothing: DASH,
    moment: (at) => exactTime(at, shown),
    bytes,
  };
}

const fontOf = ({ isWord }: SeenText): string | undefined => (isWord ? undefined : "mono");

/** What a step has seen: a name and its value a line. The name that the API gives is its hint. */
export function SeenList({ of }: { of: Pick<Rung, "detail"> }) {
  const words = useSeenWords();
  return (
    <dl className="seen">
      {seenOf(of, words).map(({ name, label, values, members }) => (
        <div key={name} className="seen-row">
          <dt className={fontOf(label)} title={name}>
            {label.text}
          </dt>
          <dd>
            {values.map((one, at) => (
              <span key={at} className={fontOf(one)}>
                {one.text}
              </span>
            ))}
            {members.length > 0 && (
              <dl className="seen-members">
                {members.map((one) => (
                  <div key={one.name} className="seen-row">
                    <dt className={fontOf(one.label)} title={one.name}>
                      {one.label.text}
                    </dt>
                    <dd className={fontOf(one.value)}>{one.value.text}</dd>
                  </div>
                ))}
              </dl>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
