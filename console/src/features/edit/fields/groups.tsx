import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import type { ApiError } from "@/api/errors";
import type { Instance } from "@/api/types";
import { useWord } from "@/words/values";
import { type Field, isShown } from "../fields";
import { useHintTexts, useValueTexts } from "../fieldTexts";
import { useFormApi } from "../FormContext";
import { NotBound } from "../NotBound";
import { useEditTexts } from "../texts";
import { SameEndpoint } from "../SameEndpoint";
import { useWriteTexts } from "../writeTexts";
import { Choice, type TextField, TextArea, TextInput, Toggle } from "./controls";
import { FoldedGroup, Group } from "./Group";
import { PairsInput } from "./PairsInput";
import { TagsInput } from "./TagsInput";
import { ThingChoice } from "./ThingChoice";

/** The choices of a field as the OpenAPI document lists them, in words. */
function useChoices(field: TextField): { value: string; label: string }[] {
  const word = useWord();
  return ((fieldRules.instance[field] as Rule).enum ?? []).map((value) => ({ value, label: word(value) }));
}

/** The instance that has the name already; in a tab of its own, so that the form stays. */
function HolderLink({ id }: { id: number }) {
  const t = useWriteTexts();
  return (
    <a className="small" href={`/instances/${id}`} target="_blank" rel="noreferrer">
      {t("showHolder")}
    </a>
  );
}

export function IdentityGroup({
  isNew,
  selfId,
  holder,
}: {
  isNew: boolean;
  /** The instance that is edited. */
  selfId: number | null;
  holder: number | null;
}) {
  const t = useEditTexts();
  const hint = useHintTexts();
  const { values, base } = useFormApi();
  const shows = (field: Field) => isShown(field, values, base);
  return (
    <Group title={t("identity")}>
      <TextInput
        field="name"
        hint={hint("name")}
        note={holder !== null && <HolderLink id={holder} />}
        autoFocus={isNew}
        placeholder="orders-01"
      />
      <Choice field="db_type" options={useChoices("db_type")} />
      <TextInput field="host" hint={hint("host")} mono placeholder="db1.example.com" />
      <TextInput field="port" mono />
      {shows("service_name") && <TextInput field="service_name" hint={hint("service_name")} mono />}
      {shows("sid") && <TextInput field="sid" mono />}
      {shows("instance_name") && <TextInput field="instance_name" hint={hint("instance_name")} mono />}
      <TextInput field="database_name" hint={hint("database_name")} mono />
      <SameEndpoint selfId={selfId} />
    </Group>
  );
}

export function PlacementGroup({ instance }: { instance: Instance | null }) {
  const t = useEditTexts();
  const hint = useHintTexts();
  const cluster = instance?.cluster;
  return (
    <Group title={t("placement")}>
      <ThingChoice field="environment" kind="environments" />
      <ThingChoice
        field="cluster_id"
        kind="clusters"
        known={cluster ? { value: String(cluster.id), label: cluster.name } : undefined}
      />
      <Choice field="platform" options={useChoices("platform")} />
      <Choice field="endpoint_kind" hint={hint("endpoint_kind")} options={useChoices("endpoint_kind")} />
      <TextInput field="location" />
    </Group>
  );
}

export function PeopleGroup() {
  const t = useEditTexts();
  const hint = useHintTexts();
  const word = useValueTexts();
  const { minimum = 1, maximum = 4 } = fieldRules.instance.criticality;
  const levels = Array.from({ length: maximum - minimum + 1 }, (_, at) => String(minimum + at));
  const label = (level: string) =>
    level === String(minimum)
      ? word("criticality_1")
      : level === String(maximum)
        ? word("criticality_4")
        : level;
  return (
    <Group title={t("people")}>
      <TextInput field="owner" />
      <TextInput field="contact" />
      <Choice field="criticality" clear options={levels.map((value) => ({ value, label: label(value) }))} />
      <Choice field="lifecycle" hint={hint("lifecycle")} options={useChoices("lifecycle")} />
      <Toggle field="is_active" />
    </Group>
  );
}

export function LoginGroup({ instance, notBound }: { instance: Instance | null; notBound: ApiError | null }) {
  const t = useEditTexts();
  const hint = useHintTexts();
  const { values, errorOf } = useFormApi();
  const known = (one?: { id: number; name: string } | null) =>
    one ? { value: String(one.id), label: one.name } : undefined;
  const refused = notBound === null ? null : String(notBound.extra["credential_id"]);
  const isAdmin =
    refused !== null && refused === values.admin_credential_id && refused !== values.credential_id;
  const field = isAdmin ? "admin_credential_id" : "credential_id";
  return (
    <Group title={t("login")}>
      <ThingChoice
        field="credential_id"
        kind="credentials"
        hint={hint("credential_id")}
        known={known(instance?.credential)}
      />
      <ThingChoice
        field="admin_credential_id"
        kind="credentials"
        hint={hint("admin_credential_id")}
        known={known(instance?.admin_credential)}
      />
      {notBound && errorOf(field) && (
        <div className="edit-wide">
          <NotBound error={notBound} field={field} />
        </div>
      )}
    </Group>
  );
}

export function LabelsGroup() {
  const t = useEditTexts();
  return (
    <Group title={t("labels")}>
      <TagsInput />
      <TextArea field="description" rows={2} />
    </Group>
  );
}

export function OutsideGroup() {
  const t = useEditTexts();
  const hint = useHintTexts();
  return (
    <FoldedGroup title={t("outside")} fields={["external_ids", "custom", "muted_until"]}>
      <PairsInput field="external_ids" hint={hint("external_ids")} />
      <PairsInput field="custom" hint={hint("custom")} />
      <TextInput field="muted_until" type="datetime-local" hint={hint("muted_until")} />
    </FoldedGroup>
  );
}
