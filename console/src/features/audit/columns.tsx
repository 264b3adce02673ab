import type { ColumnDef } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { AuditEvent } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { Copyable } from "@/parts/Copyable";
import { exactTime, zone } from "@/parts/format";
import { ActorName } from "@/changes/ActorName";
import { firstOf } from "@/changes/diff";
import { useSourceWord, useVerb } from "@/changes/words";
import { Nothing } from "@/parts/Nothing";
import { Entity } from "./entity";
import { useChangeWord } from "./fieldWords";
import { useAuditTexts } from "./texts";

/** Local time to the second, in one width, so that a column of them reads like a log. */
function logTime(at: string): string {
  const time = new Date(at);
  const two = (number: number): string => String(number).padStart(2, "0");
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  );
}

export function Moment({ at }: { at: string }) {
  const shown = useLanguage();
  return (
    <time dateTime={at} title={exactTime(at, shown)} className="nowrap">
      {logTime(at)}
    </time>
  );
}

function Changed({ of }: { of: AuditEvent }) {
  const t = useAuditTexts();
  const word = useChangeWord();
  const { shown, more } = firstOf(of.changes, 2);
  const words = shown.map((change) => word(of.entity_type, change)).join(t("between"));
  const all = firstOf(of.changes, Infinity).shown.map((change) => word(of.entity_type, change));
  return (
    <span className="soft" title={all.join(t("between"))}>
      {words} {more > 0 && t("andMore", { count: more })}
    </span>
  );
}

export function useAuditColumns(): ColumnDef<AuditEvent>[] {
  const t = useAuditTexts();
  const verb = useVerb();
  const source = useSourceWord();
  const shown = useLanguage();
  return useMemo(
    () => [
      {
        id: "at",
        header: t("atZone", { zone: zone(shown) }),
        size: 150,
        cell: ({ row }) => (
          <Link
            to="."
            search={(before) => ({ ...before, event: String(row.original.id) })}
            data-row-link
            className="audit-open"
          >
            <Moment at={row.original.at} />
          </Link>
        ),
      },
      {
        id: "actor",
        header: t("actor"),
        size: 90,
        cell: ({ row: { original } }) =>
          original.actor.id === null ? (
            <ActorName of={original.actor} className="soft" />
          ) : (
            <Link
              to="."
              search={(before) => ({ ...before, page: undefined, actor_id: String(original.actor.id) })}
              title={t("onlyActor", { name: original.actor.username })}
            >
              {original.actor.username}
            </Link>
          ),
      },
      {
        id: "action",
        header: t("action"),
        size: 105,
        cell: ({ row }) => <span title={row.original.action}>{verb(row.original.action)}</span>,
      },
      { id: "entity", header: t("entity"), size: 158, cell: ({ row }) => <Entity of={row.original} /> },
      { id: "changed", header: t("changed"), size: 165, cell: ({ row }) => <Changed of={row.original} /> },
      {
        id: "reason",
        header: t("reason"),
        size: 90,
        cell: ({ row: { original } }) =>
          original.reason ? <span title={original.reason}>{original.reason}</span> : <Nothing />,
      },
      { id: "ticket", header: t("ticket"), size: 70, cell: ({ row }) => row.original.ticket ?? <Nothing /> },
      {
        id: "source",
        header: t("source"),
        size: 124,
        cell: ({ row }) => <span title={source(row.original.source)}>{source(row.original.source)}</span>,
      },
      {
        id: "request",
        header: t("request"),
        size: 106,
        cell: ({ row: { original } }) =>
          original.request_id && (
            <Copyable value={original.request_id} of={t("request")}>
              <span className="mono soft">{original.request_id.slice(0, 8)}</span>
            </Copyable>
          ),
      },
    ],
    [t, verb, source, shown],
  );
}
