import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { type About, aboutQuery } from "@/api/about";
import { Copyable } from "@/parts/Copyable";
import { Problem } from "@/parts/Problem";
import { Block, Screen } from "@/parts/Screen";
import { type State, StatusMark } from "@/parts/StatusMark";
import "./AboutScreen.css";
import { PARTS, type PartState, partStates } from "./about";
import { EnginesBlock } from "./EnginesBlock";
import { readyQuery } from "./queries";
import { useAboutTexts } from "./texts";

const MARKS: Record<PartState, State> = { ok: "ok", failed: "failed", unknown: "never" };
const WORDS = { ok: "partOk", failed: "partFailed", unknown: "partUnknown" } as const;

function HealthBlock() {
  const t = useAboutTexts();
  const { data, error, isPending, refetch } = useQuery(readyQuery);
  const ready = data !== undefined && error === null;
  const states = partStates(ready, error);
  return (
    <Block
      title={t("health")}
      extra={
        !isPending &&
        (ready ? (
          <StatusMark state="ok" label={t("ready")} />
        ) : (
          <StatusMark state="failed" label={t("notReady")} />
        ))
      }
    >
      <div className="stack-small">
        <dl className="about-facts">
          {PARTS.map((part) => (
            <div key={part} style={{ display: "contents" }}>
              <dt>{t(part)}</dt>
              <dd>
                {isPending ? (
                  <span className="skeleton" />
                ) : (
                  <StatusMark state={MARKS[states[part]]} label={t(WORDS[states[part]])} />
                )}
              </dd>
            </div>
          ))}
        </dl>
        {error && <Problem error={error} onRetry={() => void refetch()} />}
      </div>
    </Block>
  );
}

const STORES: Record<About["store"]["kind"], string> = { postgresql: "PostgreSQL", sqlite: "SQLite" };

function VersionBlock({ about }: { about: About | null }) {
  const t = useAboutTexts();
  const facts: [string, string | null][] = [
    [t("muster"), about && about.version],
    [t("api"), about && about.api_version],
    [t("python"), about && about.python],
    [t("store"), about && `${STORES[about.store.kind]} ${about.store.version}`],
    [t("revision"), about && about.store.schema_revision],
  ];
  return (
    <Block
      title={t("version")}
      extra={
        about && (
          <Copyable
            value={facts.map(([label, value]) => `${label} ${value}`).join(", ")}
            of={t("copyVersion")}
          >
            <span />
          </Copyable>
        )
      }
    >
      <dl className="about-facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: "contents" }}>
            <dt>{label}</dt>
            <dd className="mono">{value ?? <span className="skeleton" />}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}

function Away({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a href={to} target="_blank" rel="noreferrer">
      {children} <ExternalLink size={12} aria-hidden="true" />
    </a>
  );
}

function DocumentsBlock({ about }: { about: About | null }) {
  const t = useAboutTexts();
  return (
    <Block title={t("documents")}>
      <div className="stack-small">
        {about?.settings.docs === false ? (
          <span className="soft">{t("docsOff")}</span>
        ) : (
          <Away to="/api/v1/docs">{t("docs")}</Away>
        )}
        <Away to="/api/v1/openapi.json">{t("openapi")}</Away>
        <h3>{t("license")}</h3>
        <p>{t("licenseText")}</p>
      </div>
    </Block>
  );
}

/** Whether Muster works, which one it is, and what it can do with each engine. */
export function AboutScreen() {
  const t = useAboutTexts();
  const about = useQuery(aboutQuery);
  return (
    <Screen title={t("title")}>
      <div className="about-grid">
        <HealthBlock />
        <VersionBlock about={about.data ?? null} />
        <DocumentsBlock about={about.data ?? null} />
      </div>
      {about.error && <Problem error={about.error} onRetry={() => void about.refetch()} />}
      {about.data && about.data.engines.length > 0 && <EnginesBlock engines={about.data.engines} />}
    </Screen>
  );
}
