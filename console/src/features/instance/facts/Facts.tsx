import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Check, Fingerprint, Instance } from "@/api/types";
import { Copyable } from "@/parts/Copyable";
import { duration } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { type State, StatusMark } from "@/parts/StatusMark";
import { usePartTexts } from "@/parts/texts";
import { checksQuery, fingerprintQuery } from "../queries";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import { useWord } from "@/words/values";
import { type Fact, FactList, have } from "./FactList";
import { type LastRead, lastRead } from "./lastRead";
import { useFactTexts } from "./texts";

type T = ReturnType<typeof useFactTexts>;
type Word = ReturnType<typeof useWord>;

const signed = (ms: number): string => `${ms > 0 ? "+" : ms < 0 ? "−" : ""}${duration(Math.abs(ms))}`;

function roleFact(read: LastRead, fingerprint: Fingerprint | undefined, t: T, word: Word): Fact {
  const server = read.server?.value;
  const role = server?.role ?? fingerprint?.role;
  const known = role === undefined || role === null || role === "unknown" ? null : word(role);
  // The one detail that is a sentence of Muster's and not the server's own words.
  const unread = server?.role_detail === "replication status is not readable";
  const said = [known, unread ? t("roleUnread") : server?.role_detail].filter(Boolean).join(" · ");
  return {
    label: t("role"),
    value: said === "" ? null : said,
    at: read.server?.at ?? fingerprint?.seen_at,
  };
}

function idFact(fingerprint: Fingerprint | undefined, t: T): Fact {
  return {
    label: t("serverId"),
    value: have(fingerprint?.node ?? fingerprint?.lineage, (node) => (
      <>
        <Copyable value={node} of={t("serverId")} />
        {fingerprint?.strength === "weak" && <span className="faint small"> {t("weak")}</span>}
      </>
    )),
    at: fingerprint?.seen_at,
  };
}

function serverFacts(read: LastRead, fingerprint: Fingerprint | undefined, t: T, word: Word): Fact[] {
  const server = read.server?.value;
  const at = read.server?.at;
  const plainly = (value: string): ReactNode => value;
  const copied = (label: string) => (value: string) => <Copyable value={value} of={label} />;
  return [
    {
      label: t("version"),
      value: have(server?.version, (one) => <span title={server?.version_text ?? undefined}>{one}</span>),
      at,
      mono: true,
    },
    { label: t("flavour"), value: have(server?.flavour, plainly), at },
    { label: t("edition"), value: have(server?.edition, plainly), at },
    roleFact(read, fingerprint, t, word),
    {
      label: t("access"),
      value: have(server?.read_only, (one) => (one ? t("readOnly") : t("readWrite"))),
      at,
    },
    {
      label: t("uptime"),
      value: have(server?.uptime_s, (one) => <span title={`${one} s`}>{duration(one * 1000)}</span>),
      at,
    },
    {
      label: t("clock"),
      value: have(server?.clock_offset_ms, (one) =>
        t("clockBy", { offset: signed(one), error: duration(server?.clock_uncertainty_ms ?? 0) }),
      ),
      at,
    },
    idFact(fingerprint, t),
    {
      label: t("address"),
      value: have(read.address?.value, copied(t("address"))),
      at: read.address?.at,
    },
    { label: t("serverAddress"), value: have(server?.server_address, plainly), at, mono: true },
    { label: t("ourAddress"), value: have(server?.our_address, copied(t("ourAddress"))), at },
    { label: t("sessionUser"), value: have(server?.session_user, plainly), at, mono: true },
  ];
}

/** Days of a certificate in words and with a mark; the limit of "soon" is the API's, heard by its cause. */
function Validity({ days, soon, t }: { days: number; soon: boolean; t: T }) {
  const state: State = days < 0 ? "failed" : soon ? "degraded" : "ok";
  return <StatusMark state={state} label={days < 0 ? t("expired", { days: -days }) : t("days", { days })} />;
}

function tlsFacts(read: LastRead, soon: boolean, t: T, yes: string, no: string): Fact[] {
  const tls = read.tls?.value;
  const at = read.tls?.at;
  if (read.tls && tls === null) {
    return [{ label: t("protocol"), value: <StatusMark state="degraded" label={t("plaintext")} />, at }];
  }
  const plainly = (value: string): ReactNode => value;
  const flag = (value: boolean) => <StatusMark state={value ? "ok" : "degraded"} label={value ? yes : no} />;
  return [
    { label: t("protocol"), value: have(tls?.protocol, plainly), at, mono: true },
    { label: t("cipher"), value: have(tls?.cipher, plainly), at, mono: true },
    { label: t("subject"), value: have(tls?.subject, plainly), at, mono: true },
    { label: t("issuer"), value: have(tls?.issuer, plainly), at, mono: true },
    {
      label: t("validity"),
      value: have(tls?.days_left, (days) => (
        <span className="facts-need">
          <Validity days={days} soon={soon} t={t} />
          {tls?.not_after && <time dateTime={tls.not_after}>{tls.not_after.slice(0, 10)}</time>}
        </span>
      )),
      at,
    },
    { label: t("verified"), value: have(tls?.verified, flag), at },
    { label: t("hostMatch"), value: have(tls?.host_matches, flag), at },
  ];
}

function privilegeFacts(read: LastRead, t: T, word: Word): Fact[] {
  if (!read.privileges) return [{ label: t("privileges"), value: null }];
  const { value, at } = read.privileges;
  return value.map((one) => ({
    label: word(one.need),
    value:
      one.cause === null ? (
        <StatusMark state="ok" label={t("complete")} />
      ) : (
        <span className="facts-need">
          <StatusMark
            state="degraded"
            label={one.cause === "privilege.missing" ? t("missing") : t("partial")}
          />
          {one.grant && (
            <Copyable value={one.grant} of={t("grantOf", { need: word(one.need) })}>
              <span className="mono">{one.missing.join(", ")}</span>
            </Copyable>
          )}
          {!one.grant && <span className="mono">{one.missing.join(", ")}</span>}
        </span>
      ),
    at,
  }));
}

const LIMITS = ["connect_timeout_ms", "statement_timeout_ms", "deadline_ms"] as const;

/** What is set for the connection, under the names that the form has for it. */
function useOptionFacts(instance: Instance): Fact[] {
  const t = useFactTexts();
  const label = useFieldLabel();
  const say = useSay();
  return [
    {
      label: label("tls_mode"),
      value:
        instance.tls_mode ?? t("tlsDefault", { mode: instance.tls_ca === null ? "require" : "verify-full" }),
      mono: true,
    },
    ...LIMITS.map((field) => ({ label: label(field), value: String(say(field, instance[field])) })),
    { label: label("database_name"), value: instance.database_name ?? t("none") },
    {
      label: label("tls_client_cert"),
      value:
        instance.tls_client_cert !== null || instance.tls_client_key_set ? t("clientCertSet") : t("none"),
    },
    { label: label("tls_legacy"), value: String(say("tls_legacy", instance.tls_legacy)) },
  ];
}

/** Everything that was read of the server, each with its age. */
export function Facts({ instance, newest }: { instance: Instance; newest: Check | null }) {
  const t = useFactTexts();
  const parts = usePartTexts();
  const word = useWord();
  const options = useOptionFacts(instance);
  const checks = useQuery(checksQuery(instance.id));
  const fingerprint = useQuery(fingerprintQuery(instance.id));
  if (checks.error) {
    return (
      <Block title={t("title")}>
        <Problem error={checks.error} onRetry={() => void checks.refetch()} />
      </Block>
    );
  }
  if (!checks.data) {
    return (
      <Block title={t("title")}>
        <div className="facts-skeleton" aria-busy="true">
          {Array.from({ length: 24 }, (_, at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      </Block>
    );
  }
  const known = checks.data.items;
  const read = lastRead(newest && known[0]?.id !== newest.id ? [newest, ...known] : known);
  const soon = known.some(
    (one) =>
      one.started_at === read.tls?.at && one.steps.some((step) => step.cause === "tls.cert_expires_soon"),
  );
  const yes = parts("yes");
  const no = parts("no");
  return (
    <Block title={t("title")}>
      {known.length === 0 && newest === null ? (
        <p className="facts-part soft">{t("nothingRead")}</p>
      ) : (
        <>
          <FactList title={t("server")} facts={serverFacts(read, fingerprint.data, t, word)} />
          <FactList title={t("tls")} facts={tlsFacts(read, soon, t, yes, no)} />
          <FactList title={t("privileges")} facts={privilegeFacts(read, t, word)} />
        </>
      )}
      <FactList title={t("options")} facts={options} />
    </Block>
  );
}
