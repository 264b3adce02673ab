import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Check } from "@/api/types";
import { duration } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import { useLanguage } from "@/i18n/texts";
import { labelled } from "@/words/sentences";
import { useWord } from "@/words/values";
import { detailOf, MARKS, plain, type Rung, rungsOf, type ServerWords, wordsOf } from "./ladder";
import "./Ladder.css";
import { useCheckTexts } from "./texts";

type Glance = (rung: Rung, check: Check | null) => string;

const dotted = (...parts: unknown[]): string => parts.filter(Boolean).map(plain).join(" · ");

/** What the line of each step says beside its time, once it is over and did not fail. */
function useGlances(): Partial<Record<Rung["step"], Glance>> {
  const t = useCheckTexts();
  const word = useWord();
  return {
    resolve: ({ detail }) => plain(detail["addresses"] ?? ""),
    connect: ({ detail }) => plain(detail["address"] ?? ""),
    tls: ({ detail, state, cause }) => {
      if (state === "skipped") return cause === "tls.plaintext" ? t("plaintext") : "";
      const days = detail["days_left"];
      return dotted(detail["protocol"], typeof days === "number" ? t("daysLeft", { days }) : null);
    },
    login: ({ detail }) => dotted(detail["user"], detail["method"]),
    identify: (_, check) => {
      const server = check?.server;
      return server ? dotted(server.version, server.role === "unknown" ? null : word(server.role)) : "";
    },
    privileges: (_, check) => {
      const needs = check?.privileges ?? [];
      const ok = needs.filter((one) => one.cause === null).length;
      return needs.length === 0 ? "" : t("needsOk", { ok, all: needs.length });
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
  const rows = detailOf(rung);
  return (
    <div className="ladder-detail">
      {words && <Words words={words} />}
      {check && rung.step === "privileges" && <Refusals check={check} />}
      {rows.length > 0 && (
        <dl className="ladder-seen">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt className="soft small mono">{name}</dt>
              <dd className="mono">{value}</dd>
            </div>
          ))}
        </dl>
      )}
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
  const glance = isOver ? (glances[rung.step]?.(rung, check) ?? "") : "";
  const line = (
    <>
      <span className="ladder-mark">
        <StatusMark state={MARKS[rung.state]} label={t(rung.state)} bare />
      </span>
      <span className="ladder-name">{name}</span>
      <span className="ladder-took number soft">{rung.tookMs === null ? "" : duration(rung.tookMs)}</span>
      <span className="ladder-glance cut">
        {glance || (rung.state === "ok" ? "" : <span className="faint">{rung.cause ?? t(rung.state)}</span>)}
      </span>
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
