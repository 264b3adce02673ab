import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import type { Check, Instance } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { Copyable } from "@/parts/Copyable";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useCan } from "@/session/me";
import { sentenceQuery } from "../queries";
import { fixOf, type TicketKind, ticketOf } from "./fix";
import { useInstanceCheckTexts } from "./texts";
import { ticketFor } from "./ticket";
import { useTicketTexts } from "./ticketTexts";
import { useMayCheck } from "./useMayCheck";
import "./Mending.css";

/** Where mending begins: elsewhere in Muster, further down, or with another try. */
function FixLink({ check, instance, onAgain }: { check: Check; instance: Instance; onAgain: () => void }) {
  const t = useInstanceCheckTexts();
  const can = useCan();
  const mayCheck = useMayCheck(instance);
  const label = useFieldLabel();
  const fix = check.cause ? fixOf(check.cause, instance) : { kind: "none" as const };
  const inBin = instance.deleted_at !== null;
  const button = (to: ReactNode): ReactNode => <span className="mending-fix">{to}</span>;
  switch (fix.kind) {
    case "credential":
      return button(
        <Link to="/credentials/$credentialId" params={{ credentialId: String(fix.credentialId) }}>
          {t("fixCredential", { name: instance.credential?.name ?? fix.credentialId })}
        </Link>,
      );
    case "edit":
      if (!can("update") || inBin) return null;
      return button(
        <Link
          to="/instances/$instanceId/edit"
          params={{ instanceId: String(instance.id) }}
          search={{ field: fix.field }}
        >
          {t("fixEdit", { field: label(fix.field) })}
        </Link>,
      );
    case "fingerprint":
      return button(<a href="#instance-identity">{t("fixFingerprint")}</a>);
    case "again":
      if (!mayCheck) return null;
      return <Button onClick={onAgain}>{t("fixAgain")}</Button>;
    default:
      return null;
  }
}

function Ticket({ kind, check, instance }: { kind: TicketKind; check: Check; instance: Instance }) {
  const t = useTicketTexts();
  const shown = useLanguage();
  const [chosen, setChosen] = useState(shown);
  const seen = useQuery(sentenceQuery(check.id, chosen));
  const text = ticketFor(kind, instance, check, { shown: chosen, seen: seen.data ?? check.message });
  const label = t("of", { language: chosen === "zh" ? t("chinese") : t("english") });
  return (
    <section className="mending-ticket" aria-label={t("title")}>
      <div className="line-up">
        {(["zh", "en"] as const).map((one) => (
          <Button
            key={one}
            size="small"
            type={one === chosen ? "primary" : "default"}
            aria-pressed={one === chosen}
            lang={one === "zh" ? "zh-CN" : "en"}
            onClick={() => setChosen(one)}
          >
            {one === "zh" ? t("chinese") : t("english")}
          </Button>
        ))}
        <Copyable value={text} of={label}>
          <span className="small soft">{label}</span>
        </Copyable>
      </div>
      <pre className="verdict-text" tabIndex={0} lang={chosen === "zh" ? "zh-CN" : "en"} aria-label={label}>
        {text}
      </pre>
    </section>
  );
}

/** What can be done about a check that did not end well: in Muster, or by a ticket to whom it concerns. */
export function Mending({
  check,
  instance,
  onAgain,
}: {
  check: Check;
  instance: Instance;
  onAgain: () => void;
}) {
  const t = useInstanceCheckTexts();
  const [writing, setWriting] = useState(false);
  const ticket = ticketOf(check);
  if (check.status === "running" || (!check.cause && !ticket)) return null;
  return (
    <>
      <div className="line-up">
        <FixLink check={check} instance={instance} onAgain={onAgain} />
        {ticket && (
          <Button aria-expanded={writing} onClick={() => setWriting(!writing)}>
            {t("ticket")}
          </Button>
        )}
      </div>
      {ticket && writing && <Ticket kind={ticket} check={check} instance={instance} />}
    </>
  );
}
