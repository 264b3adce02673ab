import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useId, useState } from "react";
import type { AuditEvent, Instance } from "@/api/types";
import { ActorName } from "@/changes/ActorName";
import { Diff } from "@/changes/Diff";
import { diffOf, undoingNeeds } from "@/changes/diff";
import { RawJson } from "@/changes/RawJson";
import { RevertDialog } from "@/changes/RevertDialog";
import { useSourceWord, useVerb } from "@/changes/words";
import { fromLocal } from "../head/localTime";
import { Ago } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { Empty } from "@/parts/Empty";
import { Problem } from "@/parts/Problem";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import { useCan } from "@/session/me";
import { historyQuery } from "../queries";
import "./ChangesTab.css";
import { useTabTexts } from "./texts";

function ChangeItem({
  event,
  onAsOf,
  onRevert,
}: {
  event: AuditEvent;
  onAsOf: (at: string) => void;
  onRevert: (event: AuditEvent) => void;
}) {
  const t = useTabTexts();
  const fields = diffOf(event.changes, useSay());
  const labelOf = useFieldLabel();
  const can = useCan();
  const needs = undoingNeeds(event);
  const done = useVerb()(event.action);
  const source = useSourceWord();
  return (
    <li className="changes-item">
      <div className="changes-head">
        <strong title={event.action}>{done}</strong>
        <ActorName of={event.actor} />
        <span className="soft">{source(event.source)}</span>
        <Ago at={event.at} />
        {event.ticket && <span>{t("ticket", { ticket: event.ticket })}</span>}
        {event.reverts_id !== null && <span className="soft">{t("reverts", { id: event.reverts_id })}</span>}
        <span className="faint mono">#{event.id}</span>
        {event.request_id && (
          <Copyable value={event.request_id} of={t("request")}>
            <span className="faint small">{t("request")}</span>
          </Copyable>
        )}
        {event.changes.length > 0 && <RawJson of={event.changes} />}
        <span className="changes-acts">
          <Button size="small" onClick={() => onAsOf(event.at)}>
            {t("asOf")}
          </Button>
          {needs !== null && can(needs) && (
            <Button size="small" onClick={() => onRevert(event)}>
              {t("revert")}
            </Button>
          )}
        </span>
      </div>
      {event.reason && <p>{t("why", { reason: event.reason })}</p>}
      {fields.length > 0 && <Diff caption={`${done} #${event.id}`} fields={fields} labelOf={labelOf} />}
    </li>
  );
}

/** Who changed what of the instance, when and why; with the way back. */
export function ChangesTab({
  instance,
  page,
  onPage,
  onAsOf,
}: {
  instance: Instance;
  page: number;
  onPage: (page: number) => void;
  onAsOf: (at: string) => void;
}) {
  const t = useTabTexts();
  const labelOf = useFieldLabel();
  const id = useId();
  const [moment, setMoment] = useState("");
  const [reverting, setReverting] = useState<AuditEvent | null>(null);
  const history = useQuery({ ...historyQuery(instance.id, page), placeholderData: keepPreviousData });
  if (history.error) return <Problem error={history.error} onRetry={() => void history.refetch()} />;
  const pages = history.data?.pages ?? 1;
  return (
    <div className="stack-small">
      <form
        className="line-up"
        onSubmit={(event) => {
          event.preventDefault();
          const time = fromLocal(moment);
          if (time) onAsOf(time.toISOString());
        }}
      >
        <label htmlFor={id} className="soft">
          {t("pick")}
        </label>
        <Input
          id={id}
          type="datetime-local"
          className="changes-moment"
          value={moment}
          onChange={(event) => setMoment(event.target.value)}
        />
        <Button htmlType="submit" disabled={moment === ""}>
          {t("show")}
        </Button>
      </form>
      {history.data?.items.length === 0 && <Empty title={t("noChanges")} />}
      {!history.data && (
        <div className="changes-skeleton" aria-busy="true">
          {Array.from({ length: 8 }, (_, at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      )}
      <ol className="changes" aria-label={t("changesOf")}>
        {history.data?.items.map((event) => (
          <ChangeItem key={event.id} event={event} onAsOf={onAsOf} onRevert={setReverting} />
        ))}
      </ol>
      {pages > 1 && (
        <nav className="line-up" aria-label={t("changesOf")}>
          <Button disabled={page <= 1} onClick={() => onPage(page - 1)}>
            {t("previous")}
          </Button>
          <span className="soft">{t("page", { page, pages })}</span>
          <Button disabled={page >= pages} onClick={() => onPage(page + 1)}>
            {t("next")}
          </Button>
        </nav>
      )}
      {reverting && <RevertDialog event={reverting} labelOf={labelOf} onClose={() => setReverting(null)} />}
    </div>
  );
}
