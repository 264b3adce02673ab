import { Link } from "@tanstack/react-router";
import type { AuditEvent } from "@/api/types";
import { Ago } from "@/parts/Ago";
import { useCan } from "@/session/me";
import { useFieldLabel } from "@/words/useFieldLabel";
import { changeText, doneOf, isJob } from "./changes";
import "./Changes.css";
import { Section } from "./Section";
import { useOverviewTexts } from "./texts";

const FIELDS = 3;

function ChangeRow({ event }: { event: AuditEvent }) {
  const t = useOverviewTexts();
  const labelOf = useFieldLabel();
  const done = doneOf(event.action);
  // What was created or deleted changed all of its fields or none: the word says it.
  const changes = done === "update" || done === "detect" || done === null ? event.changes : [];
  const texts = changes.slice(0, FIELDS).map((one) => changeText(one, labelOf));
  if (changes.length > FIELDS) texts.push(t("beyond", { n: changes.length - FIELDS }));
  const detail = [...texts, event.reason, event.ticket].filter(Boolean).join(" · ");
  const name = event.entity_name ?? String(event.entity_id ?? "");
  return (
    <li className="change">
      <span className="change-when soft">
        <Ago at={event.at} />
      </span>
      <span className="change-what">
        <span className="change-who" title={event.actor.username}>
          {isJob(event.actor.username) ? t("byMuster") : event.actor.username}
        </span>{" "}
        <span className="soft">{done ? t(done) : event.action}</span>{" "}
        {event.entity_id === null || done === "purge" ? (
          name
        ) : (
          <Link
            to="/instances/$instanceId"
            params={{ instanceId: String(event.entity_id) }}
            search={{ tab: "changes" }}
            preload={false}
          >
            {name}
          </Link>
        )}
      </span>
      <span className="change-fields soft cut" title={detail}>
        {detail}
      </span>
    </li>
  );
}

/** The last changes of these instances: when, who, what, which fields. */
export function Changes({ changes }: { changes: readonly AuditEvent[] }) {
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
          {changes.map((event) => (
            <ChangeRow key={event.id} event={event} />
          ))}
        </ol>
      )}
    </Section>
  );
}
