import type { ReactNode } from "react";
import type { Fingerprint } from "@/api/types";
import { Copyable } from "@/parts/Copyable";
import { duration } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import type { useWord } from "@/words/values";
import { type Fact, have } from "./FactList";
import type { LastRead } from "./lastRead";
import type { useFactTexts } from "./texts";

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

/** What the server says of itself. */
export function serverFacts(read: LastRead, fingerprint: Fingerprint | undefined, t: T, word: Word): Fact[] {
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

/** What the login may read, and what it lacks. */
export function privilegeFacts(read: LastRead, t: T, word: Word): Fact[] {
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
