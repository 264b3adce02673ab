import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Check } from "@/api/types";
import { duration } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import { useLanguage } from "@/i18n/texts";
import { labelled } from "@/words/sentences";
import { useWord } from "@/words/values";
import { MARKS, plain, type Rung, rungsOf, type ServerWords, wordsOf } from "./ladder";
import "./Ladder.css";
import { detailOf, type SeenText } from "./seen";
import { SeenList } from "./SeenList";
import { useCheckTexts } from "./texts";

type Glance = (rung: Rung, check: Check | null) => SeenText | null;

const said = (text: string): SeenText => ({ text, isWord: true });
const seen = (...parts: unknown[]): SeenText | null => {
  const text = parts.filter(Boolean).map(plain).join(" · ");
  return text === "" ? null : { text, isWord: false };
};

/** What the line of each step says beside its time, once it is over and did not fail. */
function useGlances(): Partial<Record<Rung["step"], Glance>> {
  const t = useCheckTexts();
  const word = useWord();
  return {
    resolve: ({ detail }) => seen(detail["addresses"]),
    connect: ({ detail }) => seen(detail["address"]),
    tls: ({ detail, state, cause }) => {
      if (state === "skipped") return cause === "tls.plaintext" ? said(t("plaintext")) : null;
      const days = detail["days_left"];
      return seen(detail["protocol"], typeof days === "number" ? t("daysLeft", { days }) : null);
    },
    login: ({ detail }) => seen(detail["user"], detail["method"]),
    identify: (_, check) => {
      const server = check?.server;
      return server ? seen(server.version, server.role === "unknown" ? null : word(server.role)) : null;
    },
    privileges: (_, check) => {
      const needs = check?.privileges ?? [];
      const ok = needs.filter((one) => one.cause === null).length;
      return needs.length === 0 ? null : said(t("needsOk", { ok, all: needs.length }));
    },
  };
}

/** Words that are not ours, marked as whose they are. */
function Words({ words, about }: { words: ServerWords; about?: string }) {
  const t = useCheckTexts();
  const shown = useLanguage();
  const said = t(`said${words.speaker}`);
  return (
    <figure className="ladder-words">
      <figcaption className="small soft">
        {about ? labelled(about, said, shown) : said}
        {words.code !== null && (
          <>
            {" · "}
            {t("code")} <code>{words.code}</code>
          </>
        )}
      </figcaption>
      {words.text !== null && <blockquote className="mono">{words.text}</blockquote>}
    </figure>
  );
}

/** What the server said to each thing that it did not let us read. */
function Refusals({ check }: { check: Check }) {
  const word = useWord();
  const refused = (check.privileges ?? []).filter(
    (one) => one.server_text !== null || one.server_code !== null,
  );
  return refused.map(({ need, server_code, server_text }) => (
    <Words
      key={need}
      about={word(need)}
      words={{
        speaker: "server",
        code: server_code === null ? null : String(server_code),
        text: server_text,
      }}
    />
  ));
}

function Detail({ rung, check }: { rung: Rung; check: Check | null }) {
  const words = wordsOf(rung);
  return (
    <div className="ladder-detail">
      {words && <Words words={words} />}
      {check && rung.step === "privileges" && <Refusals check={check} />}
      {detailOf(rung).length > 0 && <SeenList of={rung} />}
    </div>
  );
}

function RungLine({ rung, check }: { rung: Rung; check: Check | null }) {
  const t = useCheckTexts();
  const glances = useGlances();
  // Until somebody opens or closes it, a step opens itself where it failed.
  const [chosen, setChosen] = useState<boolean | null>(null);
  const canOpen = wordsOf(rung) !== null || detailOf(rung).length > 0;
  const isOpen = canOpen && (chosen ?? rung.opens);
  const name = t(rung.step);
  const isOver = rung.state === "ok" || rung.state === "warned" || rung.state === "skipped";
  const glance = isOver ? (glances[rung.step]?.(rung, check) ?? null) : null;
  const line = (
    <>
      <span className="ladder-mark">
        <StatusMark state={MARKS[rung.state]} label={t(rung.state)} bare />
      </span>
      <span className="ladder-name">{name}</span>
      <span className="ladder-took number soft">{rung.tookMs === null ? "" : duration(rung.tookMs)}</span>
      {glance === null ? (
        <span className={`ladder-glance faint cut${rung.cause === null ? "" : " mono"}`}>
          {rung.state === "ok" ? "" : (rung.cause ?? t(rung.state))}
        </span>
      ) : (
        <span className={`ladder-glance cut${glance.isWord ? "" : " mono"}`}>{glance.text}</span>
      )}
    </>
  );
  return (
    <li className={`ladder-rung ladder-${rung.state}`}>
      {canOpen ? (
        <button
          type="button"
          className="ladder-line"
          aria-expanded={isOpen}
          onClick={() => setChosen(!isOpen)}
        >
          {line}
          {isOpen ? (
            <ChevronDown size={14} aria-hidden="true" />
          ) : (
            <ChevronRight size={14} aria-hidden="true" />
          )}
        </button>
      ) : (
        <div className="ladder-line">{line}</div>
      )}
      {isOpen && <Detail rung={rung} check={check} />}
    </li>
  );
}

/** The eight steps of a check; the one that failed opens itself. */
export function Ladder({ check }: { check: Check | null }) {
  const t = useCheckTexts();
  return (
    <ol className="ladder" aria-label={t("steps")} aria-busy={check?.status === "running"}>
      {rungsOf(check).map((rung) => (
        <RungLine key={`${check?.id ?? 0} ${rung.step}`} rung={rung} check={check} />
      ))}
    </ol>
  );
}
