import { labelled } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App } from "antd";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { api, ask } from "@/api/client";
import type { Fingerprint, Instance } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { Nothing } from "@/parts/Nothing";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { fingerprintQuery, sameEndpointQuery } from "../queries";
import { useWord } from "@/words/values";
import { FactList, have } from "./FactList";
import "./Identity.css";
import { useFactTexts } from "./texts";

const SHOWN = 8;
/** Part of the endpoint beside engine, host and port. */
const NAMES = ["service_name", "sid", "instance_name"] as const;

interface Other {
  id: number;
  name: string;
}

function Others({ title, others, warns }: { title: string; others: readonly Other[]; warns?: boolean }) {
  const t = useFactTexts();
  const [all, setAll] = useState(false);
  if (others.length === 0) return null;
  const shown = all ? others : others.slice(0, SHOWN);
  return (
    <section className={warns ? "identity-others identity-warns" : "identity-others"}>
      <h3>
        {warns && <TriangleAlert size={14} aria-hidden="true" className="identity-sign" />} {title}
      </h3>
      <ul className="identity-list">
        {shown.map((one) => (
          <li key={one.id}>
            <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }}>
              {one.name}
            </Link>
          </li>
        ))}
        {shown.length < others.length && (
          <li>
            <button type="button" className="identity-more" onClick={() => setAll(true)}>
              {t("more", { count: others.length - shown.length })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function Pending({ instance, print }: { instance: Instance; print: Fingerprint }) {
  const t = useFactTexts();
  const word = useWord();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { pending } = print;
  const accept = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/instances/{instance_id}/fingerprint/accept", {
          params: { path: { instance_id: instance.id } },
          body: { lineage: pending?.lineage ?? null, node: pending?.node ?? null },
        }),
      ),
    onSuccess: () => void message.success(t("accepted")),
    onSettled: () => queries.invalidateQueries({ queryKey: ["instance", instance.id] }),
  });
  if (!pending) return null;
  const rows = [
    [t("lineage"), print.lineage, pending.lineage],
    [t("node"), print.node, pending.node],
    [t("role"), print.role && word(print.role), pending.role && word(pending.role)],
  ] as const;
  return (
    <section className="identity-pending" aria-label={t("pending")}>
      <h3>
        <TriangleAlert size={14} aria-hidden="true" className="identity-sign" /> {t("pending")}
      </h3>
      <p>{t("pendingHint")}</p>
      <table className="identity-compare">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("known")}</th>
            <th scope="col">{t("now")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, before, after]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="mono">{before ?? <Nothing />}</td>
              <td className="mono">{after ?? <Nothing />}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("startedAt")}</th>
            <td>
              <Ago at={print.started_at} />
            </td>
            <td>
              <Ago at={pending.started_at} />
            </td>
          </tr>
          <tr>
            <th scope="row">{t("since")}</th>
            <td>
              <Ago at={print.since} />
            </td>
            <td>
              <Ago at={pending.since} />
            </td>
          </tr>
        </tbody>
      </table>
      {accept.error && <Problem error={accept.error} />}
      <div>
        <ActionButton
          needs="update"
          type="primary"
          loading={accept.isPending}
          onClick={() => accept.mutate()}
        >
          {t("accept")}
        </ActionButton>
      </div>
    </section>
  );
}

/** What tells the server that is known here from every other one. */
function Print({ print }: { print: Fingerprint }) {
  const t = useFactTexts();
  const shown = (["node", "lineage"] as const).map((name) => ({
    label: t(name),
    value: have(print[name], (value) => <Copyable value={value} of={t(name)} />),
    at: print.seen_at,
  }));
  return (
    <FactList
      facts={[...shown, { label: t("since"), value: have(print.since, (since) => <Ago at={since} />) }]}
    />
  );
}

/** Which server answers here, where else it answers, and what to do when it is another one now. */
export function Identity({ instance }: { instance: Instance }) {
  const t = useFactTexts();
  const shown = useLanguage();
  const print = useQuery(fingerprintQuery(instance.id));
  const endpoint = useQuery(sameEndpointQuery(instance));
  const twins = (endpoint.data ?? [])
    .filter((one) => one.id !== instance.id)
    .filter((one) => NAMES.every((name) => one[name] === instance[name]));
  const data = print.data;
  if (print.error) {
    return (
      <Block title={t("identity")}>
        <Problem error={print.error} onRetry={() => void print.refetch()} />
      </Block>
    );
  }
  const isTwin = new Set(twins.map((one) => one.id));
  const nodes = (data?.same_node ?? []).filter((one) => !isTwin.has(one.id));
  const inNode = new Set((data?.same_node ?? []).map((one) => one.id));
  return (
    <div id="instance-identity">
      <Block
        title={t("identity")}
        extra={
          data?.seen_at ? (
            <span className="small soft">
              {t("seen")} <Ago at={data.seen_at} />
            </span>
          ) : undefined
        }
      >
        <div className="stack-small">
          {data && <Pending instance={instance} print={data} />}
          <p className="soft small">{t("identityHint")}</p>
          {data && (data.node ?? data.lineage) !== null && <Print print={data} />}
          <Others title={labelled(t("duplicate"), t("sameEndpoint"), shown)} others={twins} warns />
          <Others title={labelled(t("duplicate"), t("sameNode"), shown)} others={nodes} warns />
          <Others
            title={t("sameLineage")}
            others={(data?.same_lineage ?? []).filter((one) => !inNode.has(one.id) && !isTwin.has(one.id))}
          />
          {data && data.lineage === null && data.node === null && <p className="faint">{t("never")}</p>}
        </div>
      </Block>
    </div>
  );
}
