import { Button } from "antd";
import { useState } from "react";
import { CheckRunBar } from "@/checks/CheckRunBar";
import { useCheckRun } from "@/checks/useCheckRun";
import { useLanguage } from "@/i18n/texts";
import { count } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import { ListLink } from "../ListLink";
import { type FailureGroup, idsOf, MOST_CHECKS, type Overview } from "../queries";
import { Section } from "../Section";
import { useOverviewTexts } from "../texts";
import { FailureRow } from "./FailureRow";
import "./Failures.css";

const FIRST = 8;

/** What fails, in groups that have the same cause, credential and network; the biggest first. */
export function Failures({ failures }: { failures: Overview["failures"] }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const [all, setAll] = useState(false);
  const { run, start, stop, dismiss } = useCheckRun({ untilLeft: true });
  const { groups, groups_total: groupsTotal } = failures;
  const rows = all ? groups : groups.slice(0, FIRST);
  const again = (group: FailureGroup, about: string): void => {
    const bound = group.count > MOST_CHECKS && t("bounded", { n: MOST_CHECKS });
    void start((signal) => idsOf(group.filter, signal), [about, bound].filter(Boolean).join(" · "));
  };
  return (
    <Section
      area="failures"
      title={t("failures")}
      extra={
        failures.total > 0 && (
          <ListLink filter={failures.filter}>
            {t("failuresOf", { total: count(failures.total, shown), groups: count(groupsTotal, shown) })}
          </ListLink>
        )
      }
    >
      {run && <CheckRunBar run={run} onStop={stop} onDismiss={dismiss} />}
      {groups.length === 0 ? (
        <p className="overview-quiet">
          <StatusMark state="ok" label={t("failuresNone")} />
        </p>
      ) : (
        <ol className="failures-list">
          {rows.map((group) => (
            <FailureRow
              key={`${group.cause} ${group.credential?.id ?? ""} ${group.network ?? ""}`}
              group={group}
              busy={run?.state === "running"}
              onAgain={again}
            />
          ))}
        </ol>
      )}
      <div className="failures-more">
        {groups.length > FIRST && (
          <Button size="small" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t("fewerGroups") : t("showGroups", { n: groups.length })}
          </Button>
        )}
        {(all || groups.length <= FIRST) && groupsTotal > groups.length && (
          <span className="soft small">
            {t("groupsBeyond", { shown: groups.length, n: count(groupsTotal, shown) })}{" "}
            <ListLink filter={failures.filter}>{t("inList")}</ListLink>
          </span>
        )}
      </div>
    </Section>
  );
}
