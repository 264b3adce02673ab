import { Button, Input, Select } from "antd";
import { RotateCw, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { AuditFilters } from "./filters";
import { localOf, momentOf } from "./filters";
import "./FilterRow.css";
import { useAuditTexts } from "./texts";
import { useVerb } from "@/changes/words";
import { ACTIONS, ENTITY_TYPES, useTypeWord } from "./words";

export interface Actor {
  id: number;
  username: string;
}

function Field({
  label,
  kind = "",
  children,
}: {
  label: string;
  kind?: "" | "audit-filter-id" | "audit-filter-time";
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={`audit-filter-field ${kind}`}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

/** A field that counts once it is left or Enter is pressed: half a date is no filter. */
function Late({
  value,
  onCommit,
  ...rest
}: {
  id: string;
  type: string;
  value: string;
  onCommit: (value: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== value) onCommit(draft);
    setDraft(null);
  };
  return (
    <Input
      {...rest}
      allowClear={rest.type !== "datetime-local"}
      value={draft ?? value}
      onChange={(event) => {
        setDraft(event.target.value);
        if (event.target.value === "") onCommit("");
      }}
      onBlur={commit}
      onPressEnter={commit}
    />
  );
}

/** The known choices, and the one that the URL holds even where nobody knows it. */
const choices = (known: readonly string[], chosen: string | undefined, word: (value: string) => string) =>
  [...known, ...(chosen !== undefined && !known.includes(chosen) ? [chosen] : [])].map((value) => ({
    value,
    label: word(value),
  }));

/** Narrows the events; the URL is the state. */
export function FilterRow({
  filters,
  actors,
  busy,
  onChange,
  onRefresh,
}: {
  filters: AuditFilters;
  actors: readonly Actor[];
  busy: boolean;
  onChange: (change: AuditFilters) => void;
  onRefresh: () => void;
}) {
  const t = useAuditTexts();
  const typeWord = useTypeWord();
  const verb = useVerb();
  const names = new Map(actors.map((one) => [one.id, one.username]));
  const known = [...names.keys()];
  if (filters.actor_id !== undefined && !names.has(filters.actor_id)) known.push(filters.actor_id);
  const search = { optionFilterProp: "label" };
  return (
    <form className="audit-filter" aria-label={t("filter")} onSubmit={(event) => event.preventDefault()}>
      <Field label={t("entityType")}>
        {(id) => (
          <Select
            id={id}
            allowClear
            showSearch={search}
            placeholder={t("any")}
            value={filters.entity_type}
            options={choices(ENTITY_TYPES, filters.entity_type, typeWord)}
            onChange={(entity_type) => onChange({ entity_type, entity_id: undefined })}
          />
        )}
      </Field>
      <Field label={t("entityId")} kind="audit-filter-id">
        {(id) => (
          <Late
            id={id}
            type="text"
            value={filters.entity_id?.toString() ?? ""}
            onCommit={(value) => onChange({ entity_id: /^\d+$/.test(value) ? Number(value) : undefined })}
          />
        )}
      </Field>
      <Field label={t("actor")}>
        {(id) => (
          <Select
            id={id}
            allowClear
            showSearch={search}
            placeholder={t("any")}
            value={filters.actor_id}
            options={known.map((value) => ({ value, label: names.get(value) ?? `#${value}` }))}
            onChange={(actor_id) => onChange({ actor_id })}
          />
        )}
      </Field>
      <Field label={t("action")}>
        {(id) => (
          <Select
            id={id}
            allowClear
            showSearch={search}
            placeholder={t("any")}
            value={filters.action}
            options={choices(ACTIONS, filters.action, (action) => {
              const [type = ""] = action.split(".");
              return `${typeWord(type)} · ${verb(action)}`;
            })}
            onChange={(action) => onChange({ action })}
          />
        )}
      </Field>
      <Field label={t("since")} kind="audit-filter-time">
        {(id) => (
          <Late
            id={id}
            type="datetime-local"
            value={localOf(filters.since)}
            onCommit={(value) => onChange({ since: momentOf(value) })}
          />
        )}
      </Field>
      <Field label={t("until")} kind="audit-filter-time">
        {(id) => (
          <Late
            id={id}
            type="datetime-local"
            value={localOf(filters.until)}
            onCommit={(value) => onChange({ until: momentOf(value) })}
          />
        )}
      </Field>
      <span className="audit-filter-acts">
        <Button
          icon={<RotateCw size={14} aria-hidden="true" />}
          aria-label={t("refresh")}
          title={t("refresh")}
          loading={busy}
          onClick={onRefresh}
        />
        {Object.keys(filters).length > 0 && (
          <Button
            icon={<X size={14} aria-hidden="true" />}
            aria-label={t("clear")}
            title={t("clear")}
            onClick={() => onChange(Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])))}
          />
        )}
      </span>
    </form>
  );
}
