import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useActorWord } from "@/changes/actor";
import { useVerb } from "@/changes/words";
import { useLanguage } from "@/i18n/texts";
import { Ago } from "@/parts/Ago";
import { count } from "@/parts/format";
import { useCan } from "@/session/me";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import {
  callSearch,
  type ChangeGroup,
  changeText,
  type Done,
  doneOf,
  importSearch,
  isByCheck,
  type RecentChange,
} from "./changes";
import "./Changes.css";
import { Section } from "./Section";
import { useOverviewTexts } from "./texts";

const FIELDS = 3;
const NAMED = 3;
const SAID_BY_THE_WORD = new Set<Done>(["create", "delete", "restore", "purge", "accept_identity"]);

function ToInstance({ id, children }: { id: number; children: ReactNode }) {
  return (
    <Link
      to="/instances/$instanceId"
      params={{ instanceId: String(id) }}
      search={{ tab: "changes" }}
      preload={false}
    >
      {children}
    </Link>
  );
}

function Row({
  event,
  title,
  what,
  children,
}: {
  event: RecentChange;
  title: string;
  what: ReactNode;
  children: ReactNode;
}) {
  const t = useOverviewTexts();
  const verb = useVerb();
  const actor = useActorWord();
  const done = doneOf(event.action);
  return (
    <li className="change">
      <span className="change-when soft">
        <Ago at={event.at} />
      </span>
      <span className="change-what">
        <span className="change-who" title={event.actor.username}>
          {isByCheck(event.actor.username) ? t("byMuster") : actor(event.actor)}
        </span>{" "}
        <span className="soft">{done ? t(done) : verb(event.action)}</span> {what}
      </span>
      <span className="change-fields soft cut" title={title}>
        {children}
      </span>
    </li>
  );
}

function ChangeRow({ event }: { event: RecentChange }) {
  const t = useOverviewTexts();
  const labelOf = useFieldLabel();
  const say = useSay();
  const done = doneOf(event.action);
  // What was created or deleted changed all of its fields or none: the word says it.
  const changes = done !== null && SAID_BY_THE_WORD.has(done) ? [] : event.changes;
  const texts = changes.slice(0, FIELDS).map((one) => changeText(one, labelOf, say));
  if (changes.length > FIELDS) texts.push(t("beyond", { n: changes.length - FIELDS }));
  const detail = [...texts, event.reason, event.ticket].filter(Boolean).join(" · ");
  const name = event.entity_name ?? String(event.entity_id ?? "");
  const what =
    event.entity_id === null || done === "purge" ? (
      name
    ) : (
      <ToInstance id={event.entity_id}>{name}</ToInstance>
    );
  return (
    <Row event={event} title={detail} what={what}>
      {detail}
    </Row>
  );
}

/** The way to all that a call did, whatever part of the register is shown: its import, else its events in the audit log. */
function WholeCall({ event, importId }: { event: RecentChange; importId: number | null }) {
  const t = useOverviewTexts();
  const can = useCan();
  if (importId !== null)
    return (
      <Link to="/instances" search={importSearch(importId)} preload={false}>
        {t("byImport", { id: importId })}
      </Link>
    );
  if (!can("audit")) return null;
  return (
    <Link to="/audit" search={callSearch(event)} preload={false}>
      {t("wholeCall")}
    </Link>
  );
}

function GroupRow({ event, group }: { event: RecentChange; group: ChangeGroup }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const named = group.instances.slice(0, NAMED).map((one) => ({ ...one, name: one.name ?? String(one.id) }));
  const others = group.instances.length > NAMED || group.count > group.instances.length;
  const after = [others && "…", event.reason, event.ticket].filter(Boolean);
  const title = [...named.map((one) => one.name), ...after].join(" · ");
  return (
    <Row
      event={event}
      title={title}
      what={
        <>
          {t("together", { n: count(group.count, shown) })}{" "}
          <WholeCall event={event} importId={group.import_id} />
        </>
      }
    >
      {named.map((one, index) => (
        <Fragment key={one.id}>
          {index > 0 && " · "}
          <ToInstance id={one.id}>{one.name}</ToInstance>
        </Fragment>
      ))}
      {after.map((text) => ` · ${text}`)}
    </Row>
  );
}

/** The last changes of these instances: when, who, what, which fields. */
export function Changes({ changes }: { changes: readonly RecentChange[] }) {
  const t = useOverviewTexts();
  const can = useCan();
  return (
    <Section
      area="changes"
      title={t("changes")}
      extra={
        can("audit") && (
          <Link to="/audit" search={{ entity_type: "instance" }} preload={false}>
            {t("allChanges")}
          </Link>
        )
      }
    >
      {changes.length === 0 ? (
        <p className="overview-quiet soft">{t("changesNone")}</p>
      ) : (
        <ol className="changes-list">
          {changes.map((event) =>
            event.group ? (
              <GroupRow key={event.id} event={event} group={event.group} />
            ) : (
              <ChangeRow key={event.id} event={event} />
            ),
          )}
        </ol>
      )}
    </Section>
  );
}
