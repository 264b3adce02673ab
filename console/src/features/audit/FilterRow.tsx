import { Button } from "antd";
import { RotateCw, X } from "lucide-react";
import { ChoiceField, LateField } from "./FilterFields";
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
  return (
    <form className="audit-filter" aria-label={t("filter")} onSubmit={(event) => event.preventDefault()}>
      <ChoiceField
        label={t("entityType")}
        value={filters.entity_type}
        known={ENTITY_TYPES}
        word={typeWord}
        onChange={(entity_type) => onChange({ entity_type, entity_id: undefined })}
      />
      <LateField
        label={t("entityId")}
        type="text"
        value={filters.entity_id?.toString() ?? ""}
        onCommit={(value) => onChange({ entity_id: /^\d+$/.test(value) ? Number(value) : undefined })}
      />
      <ChoiceField
        label={t("actor")}
        value={filters.actor_id}
        known={[...names.keys()]}
        word={(id) => names.get(id) ?? `#${id}`}
        onChange={(actor_id) => onChange({ actor_id })}
      />
      <ChoiceField
        label={t("action")}
        value={filters.action}
        known={ACTIONS}
        word={(action) => `${typeWord(action.split(".")[0] ?? "")} · ${verb(action)}`}
        onChange={(action) => onChange({ action })}
      />
      {(["since", "until"] as const).map((end) => (
        <LateField
          key={end}
          label={t(end)}
          type="datetime-local"
          value={localOf(filters[end])}
          onCommit={(value) => onChange({ [end]: momentOf(value) })}
        />
      ))}
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
