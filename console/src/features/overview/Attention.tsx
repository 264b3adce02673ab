import { useLanguage } from "@/i18n/texts";
import { Ago } from "@/parts/Ago";
import { count } from "@/parts/format";
import { type AttentionKind, daysUntil, KINDS } from "./attention";
import "./Attention.css";
import { InstanceNames } from "./InstanceNames";
import { ListLink } from "./ListLink";
import type { Overview, Shown } from "./queries";
import { Section } from "./Section";
import { useOverviewTexts } from "./texts";

/** When it is that a list tells of each of its instances. */
function Moment({ kind, one, now }: { kind: AttentionKind; one: Shown; now: number }) {
  const t = useOverviewTexts();
  if (one.at === null) return null;
  if (kind !== "certificates_expiring") return <Ago at={one.at} />;
  const days = daysUntil(one.at, now);
  return <time dateTime={one.at}>{days < 0 ? t("expired") : t("daysLeft", { n: days })}</time>;
}

function AttentionRow({
  kind,
  found,
  now,
}: {
  kind: AttentionKind;
  found: Overview["attention"][AttentionKind];
  now: number;
}) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const what = t(kind === "never_checked" ? "attentionNever" : kind);
  if (found.count === 0) {
    return (
      <li className="attention-row attention-none">
        <span className="attention-count">0</span>
        <span className="attention-says">{what}</span>
      </li>
    );
  }
  const number = count(found.count, shown);
  return (
    <li className="attention-row">
      <ListLink filter={found.filter} className="attention-count" label={t("openCount", { n: number, what })}>
        {number}
      </ListLink>
      <div className="attention-says">
        <p className="attention-what">
          <ListLink filter={found.filter}>{what}</ListLink>
        </p>
        <InstanceNames
          instances={found.instances}
          total={found.count}
          filter={found.filter}
          detail={
            found.instances.some((one) => one.at !== null)
              ? (one) => <Moment kind={kind} one={one} now={now} />
              : undefined
          }
        />
      </div>
    </li>
  );
}

/** What nobody has been woken for, and what should be looked at; what is in order stays quiet. */
export function Attention({ overview }: { overview: Overview }) {
  const t = useOverviewTexts();
  const now = Date.parse(overview.at);
  return (
    <Section area="attention" title={t("attention")}>
      <ul className="attention-list">
        {KINDS.map((kind) => (
          <AttentionRow key={kind} kind={kind} found={overview.attention[kind]} now={now} />
        ))}
      </ul>
    </Section>
  );
}
