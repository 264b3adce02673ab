import { Link } from "@tanstack/react-router";
import { useCheckTexts } from "@/checks/texts";
import { useLanguage } from "@/i18n/texts";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { count } from "@/parts/format";
import { useCan } from "@/session/me";
import { labelled } from "@/words/sentences";
import { useWithLabels } from "@/words/useWithLabels";
import { InstanceNames } from "../InstanceNames";
import { ListLink } from "../ListLink";
import type { FailureGroup } from "../queries";
import { useOverviewTexts } from "../texts";

/** What a group is about, in one line: the sentence, the credential, the network. */
const aboutOf = (group: FailureGroup): string =>
  [group.message, group.credential?.name, group.network].filter(Boolean).join(" · ");

/** Instances that fail alike: how many, why, with what credential, where and since when. */
export function FailureRow({
  group,
  busy,
  onAgain,
}: {
  group: FailureGroup;
  /** Checks of a group run; one group at a time. */
  busy: boolean;
  onAgain: (group: FailureGroup, about: string) => void;
}) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const can = useCan();
  const check = useCheckTexts();
  const withNames = useWithLabels();
  const about = aboutOf(group);
  const { credential } = group;
  return (
    <li className="failure">
      <ListLink
        filter={group.filter}
        className="failure-count"
        label={t("openCount", { n: count(group.count, shown), what: about })}
      >
        {count(group.count, shown)}
      </ListLink>
      <p className="failure-message" title={group.cause}>
        {group.message}
      </p>
      <ActionButton
        needs="check"
        size="small"
        disabled={busy}
        aria-label={t("againOf", { what: about })}
        onClick={() => onAgain(group, about)}
      >
        {t("again")}
      </ActionButton>
      <div className="failure-facts soft">
        {credential === null ? (
          <span>{t("noCredentialHere")}</span>
        ) : can("credentials") ? (
          <Link
            to="/credentials/$credentialId"
            params={{ credentialId: String(credential.id) }}
            preload={false}
          >
            {credential.name}
          </Link>
        ) : (
          <span>{credential.name}</span>
        )}
        {group.network === null ? <span>{t("noNetwork")}</span> : <code>{group.network}</code>}
        <span className="nowrap">
          {t("since")} <Ago at={group.since} />
        </span>
        <InstanceNames instances={group.instances} total={group.count} filter={group.filter} />
      </div>
      {group.remedy !== null && (
        <details className="failure-remedy">
          <summary>{labelled(check("remedy"), withNames(group.remedy), shown)}</summary>
        </details>
      )}
    </li>
  );
}
