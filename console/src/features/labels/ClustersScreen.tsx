import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { Form, Input, Select } from "antd";
import { useMemo } from "react";
import { api, ask } from "@/api/client";
import type { components } from "@/api/schema";
import { fieldRules } from "@/api/rules.gen";
import type { Cluster } from "@/api/types";
import { Copyable } from "@/parts/Copyable";
import { Nothing } from "@/parts/Nothing";
import { useFormRules } from "@/parts/formRules";
import { Problem } from "@/parts/Problem";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { useClusterKind } from "@/words/clusterKinds";
import { DescriptionField, descriptionColumn } from "./Description";
import { LabelScreen } from "./LabelScreen";
import { clusterApi } from "./labelApi";
import { UsageLink } from "./UsageLink";
import { useLabelTexts } from "./texts";

type Kind = components["schemas"]["CreateCluster"]["kind"];
const KINDS = fieldRules.cluster.kind.enum as readonly Kind[];
const SHOWN = 50;

/** The instances of a cluster and how they fared. */
function Members({ cluster }: { cluster: Cluster }) {
  const t = useLabelTexts();
  const members = useQuery({
    queryKey: ["instances", { cluster_id: cluster.id, limit: SHOWN, sort: "name" }],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET("/instances", {
            params: { query: { cluster_id: [cluster.id], limit: SHOWN, sort: "name" } },
            signal,
          }),
        )
      ).data,
  });
  return (
    <section className="stack-small" aria-label={t("members")}>
      <h2>{t("members")}</h2>
      {members.error && <Problem error={members.error} onRetry={() => void members.refetch()} />}
      {members.isPending && <span className="skeleton" />}
      {members.data?.items.length === 0 && <p className="soft">{t("noMembers")}</p>}
      <ul className="label-members">
        {members.data?.items.map((one) => (
          <li key={one.id}>
            <span>
              <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }}>
                {one.name}
              </Link>{" "}
              <span className="mono soft">
                {one.host}:{one.port}
              </span>
            </span>
            <StatusMark state={stateOf(one.last_outcome)} />
          </li>
        ))}
      </ul>
      {cluster.usage_count > 0 && (
        <UsageLink api={clusterApi} label={cluster}>
          {t("moreMembers", { count: cluster.usage_count })}
        </UsageLink>
      )}
    </section>
  );
}

export function ClustersScreen() {
  const t = useLabelTexts();
  const kindName = useClusterKind();
  const ruleFor = useFormRules();
  const columns = useMemo<ColumnDef<Cluster>[]>(
    () => [
      {
        id: "kind",
        header: t("kind"),
        size: 150,
        cell: ({ row }) => kindName(row.original.kind),
      },
      {
        id: "external_id",
        header: t("externalId"),
        size: 180,
        cell: ({ row }) =>
          row.original.external_id ? (
            <Copyable value={row.original.external_id} of={t("externalId")} />
          ) : (
            <Nothing />
          ),
      },
      descriptionColumn(t("description"), 170),
    ],
    [t, kindName],
  );
  const rules = fieldRules.cluster;
  return (
    <LabelScreen
      api={clusterApi}
      words={{
        title: t("clusters"),
        create: t("newCluster"),
        edit: (name) => t("editCluster", { name }),
        none: t("noClusters"),
        noneHint: t("noClustersHint"),
      }}
      columns={columns}
      valuesOf={(cluster) => ({
        name: cluster?.name ?? "",
        kind: cluster?.kind,
        external_id: cluster?.external_id ?? "",
        description: cluster?.description ?? "",
      })}
      fieldName={(field) =>
        field === "external_id" ? t("externalId") : t(field as "name" | "kind" | "description")
      }
      fields={() => (
        <>
          <Form.Item name="name" label={t("name")} rules={ruleFor(rules.name, { pattern: t("badPattern") })}>
            <Input autoFocus />
          </Form.Item>
          <Form.Item name="kind" label={t("kind")} rules={[{ required: true, message: t("chooseKind") }]}>
            <Select
              placeholder={t("chooseKind")}
              options={KINDS.map((kind) => ({ value: kind, label: kindName(kind) }))}
            />
          </Form.Item>
          <Form.Item
            name="external_id"
            label={t("externalId")}
            rules={ruleFor(rules.external_id, { pattern: t("badPattern") })}
          >
            <Input className="mono" spellCheck={false} />
          </Form.Item>
          <DescriptionField rule={rules.description} />
        </>
      )}
      beside={(cluster) => <Members cluster={cluster} />}
    />
  );
}
