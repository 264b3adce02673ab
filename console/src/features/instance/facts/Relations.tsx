import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { aboutQuery } from "@/api/about";
import type { Instance } from "@/api/types";
import { credentialQuery } from "@/features/credentials/queries";
import { Ago } from "@/parts/Ago";
import { Nothing } from "@/parts/Nothing";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { siblingsQuery } from "../queries";
import { useClusterKind } from "@/words/clusterKinds";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useWord } from "@/words/values";
import { type Fact, FactList } from "./FactList";
import { linksOf } from "./links";
import "./Relations.css";
import { useFactTexts } from "./texts";

/** Members that are shown with their roles; the list shows the rest. */
const MEMBERS_SHOWN = 8;

function CredentialOf({ of }: { of: { id: number; name: string; username: string } }) {
  const t = useFactTexts();
  const credential = useQuery(credentialQuery(of.id)).data;
  return (
    <span className="facts-need">
      <Link to="/credentials/$credentialId" params={{ credentialId: String(of.id) }}>
        {of.name}
      </Link>
      <span className="soft mono">{of.username}</span>
      {credential && <span className="soft">{t("uses", { count: credential.usage_count })}</span>}
    </span>
  );
}

function Siblings({ instance, clusterId }: { instance: Instance; clusterId: number }) {
  const t = useFactTexts();
  const word = useWord();
  const siblings = useQuery(siblingsQuery(clusterId));
  const all = siblings.data ?? [];
  const others = all.filter((one) => one.id !== instance.id);
  // The instance itself goes first: its place among the others says nothing.
  const members = [...all.filter((one) => one.id === instance.id), ...others].slice(0, MEMBERS_SHOWN);
  if (siblings.error) return <Problem error={siblings.error} onRetry={() => void siblings.refetch()} />;
  return (
    <section className="facts-part">
      <h3 className="facts-title">{t("siblings")}</h3>
      {siblings.data && others.length === 0 && <p className="soft">{t("noSiblings")}</p>}
      <ul className="relations-list">
        {members.map((one) => (
          <li key={one.id} className="relations-member">
            <StatusMark state={stateOf(one.last_outcome)} bare />
            {one.id === instance.id ? (
              <strong className="cut">{one.name}</strong>
            ) : (
              <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }} className="cut">
                {one.name}
              </Link>
            )}
            <span className="soft">{one.role && one.role !== "unknown" ? word(one.role) : <Nothing />}</span>
            <span className="faint small">
              <Ago at={one.last_attempt_at} />
            </span>
          </li>
        ))}
      </ul>
      {all.length > members.length && (
        <Link to="/instances" search={{ cluster_id: String(clusterId) }} className="relations-link">
          {t("more", { count: all.length - members.length })}
        </Link>
      )}
    </section>
  );
}

/** What the instance belongs to and who answers for it. */
export function Relations({ instance }: { instance: Instance }) {
  const t = useFactTexts();
  const label = useFieldLabel();
  const kindName = useClusterKind();
  const templates = useQuery(aboutQuery).data?.settings.link_templates ?? {};
  const links = linksOf(templates, instance);
  const facts: Fact[] = [
    {
      label: label("credential"),
      value: instance.credential ? (
        <CredentialOf of={instance.credential} />
      ) : (
        <span className="soft">{t("noCredential")}</span>
      ),
    },
    ...(instance.admin_credential
      ? [{ label: label("admin_credential"), value: <CredentialOf of={instance.admin_credential} /> }]
      : []),
    {
      label: label("cluster"),
      value: instance.cluster ? (
        <span className="facts-need">
          <Link to="/instances" search={{ cluster_id: String(instance.cluster.id) }}>
            {instance.cluster.name}
          </Link>
          <span className="soft">{kindName(instance.cluster.kind)}</span>
        </span>
      ) : (
        <Nothing />
      ),
    },
    ...(["owner", "contact", "location"] as const).map((key) => ({
      label: label(key),
      value: instance[key] ?? <Nothing />,
    })),
    ...(links.length > 0
      ? [
          {
            label: t("links"),
            value: (
              <span className="line-up">
                {links.map((one) => (
                  <a
                    key={one.name}
                    href={one.href}
                    target="_blank"
                    rel="noreferrer"
                    className="relations-link"
                  >
                    {one.name} <ExternalLink size={12} aria-hidden="true" />
                  </a>
                ))}
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <Block title={t("relations")}>
      <FactList facts={facts} />
      {instance.cluster && <Siblings instance={instance} clusterId={instance.cluster.id} />}
    </Block>
  );
}
