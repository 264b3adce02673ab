import type { ReactNode } from "react";
import type { Instance } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { Ago } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { count, timeLimit } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import { useEnvironment } from "@/words/environments";
import { plain } from "@/checks/ladder";
import { Nothing } from "@/parts/Nothing";
import { have } from "../facts/FactList";
import type { InstanceThen } from "../queries";
import { useWord } from "@/words/values";
import "./DetailsTab.css";
import { useFieldLabel } from "@/words/useFieldLabel";
import { TIME_LIMITS } from "@/words/fields";
import { useTabTexts } from "./texts";

type Shown = Instance | InstanceThen;

const login = (of: { name: string; username: string | null } | null): string | null =>
  of && (of.username === null ? of.name : `${of.name} (${of.username})`);

const TEXTS = ["description", "owner", "contact", "location", "criticality"] as const;
const NAMES = ["database_name", "service_name", "sid", "instance_name", "tls_mode"] as const;
const COUNTS = ["active_db_count", "active_account_count"] as const;
const TIMES = [
  "muted_until",
  "last_attempt_at",
  "last_success_at",
  "last_error_at",
  "last_sync_time",
  "created_at",
  "updated_at",
] as const;

function Pem({ text, of }: { text: string; of: string }) {
  const t = useTabTexts();
  return (
    <Copyable value={text} of={of}>
      {t("pem", { lines: text.trim().split("\n").length })}
    </Copyable>
  );
}

/** All fields of an instance in words, also as it was at another time. */
export function DetailsTab({ instance }: { instance: Shown }) {
  const t = useTabTexts();
  const parts = usePartTexts();
  const label = useFieldLabel();
  const word = useWord();
  const environment = useEnvironment(instance.environment);
  const shown = useLanguage();
  const yesNo = (value: boolean): string => parts(value ? "yes" : "no");
  const pem = (field: "tls_ca" | "tls_client_cert"): ReactNode =>
    instance[field] && <Pem text={instance[field]} of={label(field)} />;

  const rows: [string, ReactNode][] = [
    ["id", instance.id],
    ["name", <Copyable key="name" value={instance.name} of={label("name")} />],
    ["db_type", word(instance.db_type)],
    ["host", <Copyable key="host" value={instance.host} of={label("host")} />],
    ["port", instance.port],
    ["is_active", yesNo(instance.is_active)],
    ["lifecycle", word(instance.lifecycle)],
    ["environment", environment?.name],
    ["tag_names", instance.tags.map((one) => one.name).join(", ")],
    ...TEXTS.map((field): [string, ReactNode] => [field, instance[field]]),
    ["platform", word(instance.platform)],
    ["endpoint_kind", word(instance.endpoint_kind)],
    ["cluster", instance.cluster?.name],
    ["credential", login(instance.credential)],
    ["admin_credential", login(instance.admin_credential)],
    ...NAMES.map((field): [string, ReactNode] => [field, instance[field]]),
    ["tls_ca", pem("tls_ca")],
    ["tls_client_cert", pem("tls_client_cert")],
    ["tls_client_key_set", have(instance.tls_client_key_set, yesNo)],
    ["tls_legacy", yesNo(instance.tls_legacy)],
    ...TIME_LIMITS.map((field): [string, ReactNode] => [field, timeLimit(instance[field], shown)]),
    ["flavour", instance.flavour],
    ["database_version", instance.database_version],
    ["detailed_version", instance.detailed_version],
    ...COUNTS.map((field): [string, ReactNode] => [field, have(instance[field], (one) => count(one, shown))]),
    ...TIMES.map((field): [string, ReactNode] => [field, instance[field] && <Ago at={instance[field]} />]),
    ["version", instance.version],
    ...Object.entries(instance.external_ids).map(([system, id]): [string, ReactNode] => [
      `external_ids.${system}`,
      <Copyable key={system} value={id} of={system} />,
    ]),
    ...Object.entries(instance.custom ?? {}).map(([key, value]): [string, ReactNode] => [
      `custom.${key}`,
      plain(value),
    ]),
  ];
  return (
    <dl className="details" aria-label={t("details")}>
      {rows.map(([field, value]) => (
        <div key={field} className="details-row">
          <dt className="soft" title={field}>
            {label(field)}
          </dt>
          <dd>{value === null || value === undefined || value === "" ? <Nothing /> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
