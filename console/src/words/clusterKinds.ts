import { useCallback } from "react";
import { defineTexts } from "@/i18n/texts";

const ZH = {
  replication: "主从复制",
  galera: "Galera",
  group_replication: "组复制",
  patroni: "Patroni",
  availability_group: "可用性组",
  failover_cluster: "故障转移集群",
  rac: "RAC",
  data_guard: "Data Guard",
  cloud: "云服务",
  other: "其他",
};
const EN: typeof ZH = {
  replication: "Replication",
  galera: "Galera",
  group_replication: "Group Replication",
  patroni: "Patroni",
  availability_group: "Availability group",
  failover_cluster: "Failover cluster",
  rac: "RAC",
  data_guard: "Data Guard",
  cloud: "Cloud service",
  other: "Other",
};

const { useTexts } = defineTexts("words.clusterKinds", { zh: ZH, en: EN });

const isKind = (kind: string): kind is keyof typeof ZH => Object.hasOwn(ZH, kind);

/** `kind("availability_group")`: a kind of cluster in words; one that has none keeps its name. */
export function useClusterKind(): (kind: string) => string {
  const t = useTexts();
  return useCallback((kind) => (isKind(kind) ? t(kind) : kind), [t]);
}
