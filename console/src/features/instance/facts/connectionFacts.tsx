import type { ReactNode } from "react";
import type { Instance } from "@/api/types";
import { Nothing } from "@/parts/Nothing";
import { type State, StatusMark } from "@/parts/StatusMark";
import { TIME_LIMITS } from "@/words/fields";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import { type Fact, have } from "./FactList";
import type { LastRead } from "./lastRead";
import { useFactTexts } from "./texts";

type T = ReturnType<typeof useFactTexts>;

/** Days of a certificate in words and with a mark; the limit of "soon" is the API's, heard by its cause. */
function Validity({ days, soon, t }: { days: number; soon: boolean; t: T }) {
  const state: State = days < 0 ? "failed" : soon ? "degraded" : "ok";
  return <StatusMark state={state} label={days < 0 ? t("expired", { days: -days }) : t("days", { days })} />;
}

/** How the connection is protected, and the certificate. */
export function tlsFacts(read: LastRead, soon: boolean, t: T, yes: string, no: string): Fact[] {
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

/** How the instance is connected to, under the names that the form has for it. */
export function useOptionFacts(instance: Instance): Fact[] {
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
    ...TIME_LIMITS.map((field) => ({ label: label(field), value: String(say(field, instance[field])) })),
    { label: label("database_name"), value: instance.database_name ?? <Nothing /> },
    {
      label: label("tls_client_cert"),
      value:
        instance.tls_client_cert !== null || instance.tls_client_key_set ? t("clientCertSet") : <Nothing />,
    },
    { label: label("tls_legacy"), value: String(say("tls_legacy", instance.tls_legacy)) },
  ];
}
