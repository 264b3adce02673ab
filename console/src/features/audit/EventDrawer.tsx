import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { type ReactNode, useState } from "react";
import type { AuditEvent } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { ActionButton } from "@/parts/ActionButton";
import { Copyable } from "@/parts/Copyable";
import { exactTime } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { ActorName } from "@/changes/ActorName";
import { Diff } from "@/changes/Diff";
import { diffOf, undoingNeeds } from "@/changes/diff";
import { RawJson } from "@/changes/RawJson";
import { Entity } from "./entity";
import "./EventDrawer.css";
import { useChangedField } from "./fieldWords";
import { eventQuery } from "./queries";
import { RevertDialog } from "@/changes/RevertDialog";
import { useSourceWord, useVerb } from "@/changes/words";
import { useSay } from "@/words/useSay";
import { useAuditTexts } from "./texts";

function Facts({ of }: { of: AuditEvent }) {
  const t = useAuditTexts();
  const verb = useVerb();
  const source = useSourceWord();
  const shown = useLanguage();
  const facts: [string, ReactNode][] = [
    [
      t("at"),
      <time key="at" dateTime={of.at}>
        {exactTime(of.at, shown)}
      </time>,
    ],
    [t("actor"), <ActorName key="actor" of={of.actor} />],
    [
      t("action"),
      <span key="action">
        {verb(of.action)} <span className="mono faint">{of.action}</span>
      </span>,
    ],
    [
      t("entity"),
      <span key="entity" className="line-up">
        <Entity of={of} />
        {of.entity_id !== null && (
          <Link to="/audit" search={{ entity_type: of.entity_type, entity_id: String(of.entity_id) }}>
            {t("onlyEntity")}
          </Link>
        )}
      </span>,
    ],
    [t("reason"), of.reason],
    [t("ticket"), of.ticket],
    [t("source"), source(of.source)],
    [t("request"), of.request_id && <Copyable key="id" value={of.request_id} of={t("request")} />],
  ];
  return (
    <dl className="audit-event-facts">
      {facts
        .filter(([, value]) => value !== null && value !== "")
        .map(([label, value]) => [<dt key={label}>{label}</dt>, <dd key={`${label}-`}>{value}</dd>])}
    </dl>
  );
}

/** One event: who, what, why, and field by field what was and what is. */
export function EventDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useAuditTexts();
  const { data: event, error, refetch } = useQuery(eventQuery(id));
  const [reverting, setReverting] = useState(false);
  const label = useChangedField();
  const needs = event ? undoingNeeds(event) : null;
  const say = useSay();
  const fields = event ? diffOf(event.changes, (field, value) => say(field, value, event.entity_type)) : [];
  return (
    <Drawer
      open
      title={t("eventTitle", { id })}
      onClose={onClose}
      size={640}
      extra={
        needs !== null && (
          <ActionButton needs={needs} onClick={() => setReverting(true)}>
            {t("revert")}
          </ActionButton>
        )
      }
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!event && !error && (
        <div className="stack" aria-busy="true">
          {Array.from({ length: 8 }, (_, at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      )}
      {event && (
        <div className="stack">
          <Facts of={event} />
          {event.reverts_id !== null && event.reverts_id !== undefined && (
            <p>
              <Link to="." search={(before) => ({ ...before, event: String(event.reverts_id) })}>
                {t("reverts", { id: event.reverts_id })}
              </Link>
            </p>
          )}
          {fields.length === 0 ? (
            <p className="soft">{t("noChanges")}</p>
          ) : (
            <>
              <Diff
                caption={t("changed")}
                fields={fields}
                labelOf={(field) => label(event.entity_type, field)}
              />
              <RawJson of={event.changes} />
            </>
          )}
        </div>
      )}
      {reverting && event && (
        <RevertDialog
          event={event}
          labelOf={(field) => label(event.entity_type, field)}
          onClose={() => setReverting(false)}
        />
      )}
    </Drawer>
  );
}
