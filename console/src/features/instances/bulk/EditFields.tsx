import { Checkbox, Input, Select } from "antd";
import { useId, useState } from "react";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import { type Kind, useSettled, useThings } from "@/features/edit/fields/things";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useWord } from "@/words/values";
import { type Editable, EDITABLE, type Edits, emptiedBy, mayBeEmpty } from "./editing";
import "./EditFields.css";
import { useBulkTexts } from "./texts";

interface ControlProps {
  field: Editable;
  id: string;
  value: string;
  onChange: (value: string) => void;
}

const THINGS: Partial<Record<Editable, Kind>> = {
  environment: "environments",
  cluster_id: "clusters",
  credential_id: "credentials",
};

/** A choice among things of the register, found by typing. */
function Thing({ kind, id, value, onChange }: Omit<ControlProps, "field"> & { kind: Kind }) {
  const t = useBulkTexts();
  const [search, setSearch] = useState("");
  const found = useThings(kind, useSettled(search));
  return (
    <Select
      id={id}
      value={value || undefined}
      allowClear
      placeholder={t("takesAway")}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      options={(found.data ?? []).map((one) => ({ value: one.value, label: one.label }))}
      onChange={(next?: string) => onChange(next ?? "")}
    />
  );
}

function Control(props: ControlProps) {
  const { field, id, value, onChange } = props;
  const t = useBulkTexts();
  const word = useWord();
  const kind = THINGS[field];
  if (kind) return <Thing {...props} kind={kind} />;
  const rule: Rule = fieldRules.instance[field];
  const levels =
    field === "criticality"
      ? Array.from({ length: (rule.maximum ?? 4) - (rule.minimum ?? 1) + 1 }, (_, at) =>
          String((rule.minimum ?? 1) + at),
        )
      : rule.enum;
  if (levels === undefined) {
    return (
      <Input
        id={id}
        value={value}
        maxLength={rule.maxLength}
        placeholder={t("takesAway")}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Select
      id={id}
      value={value || undefined}
      allowClear={mayBeEmpty(field)}
      placeholder={t(mayBeEmpty(field) ? "takesAway" : "chooseValue")}
      options={levels.map((one) => ({ value: one, label: field === "lifecycle" ? word(one) : one }))}
      onChange={(next?: string) => onChange(next ?? "")}
    />
  );
}

/** Which fields the instances are given, and what; what is not ticked stays as it is in each. */
export function EditFields({ edits, onChange }: { edits: Edits; onChange: (edits: Edits) => void }) {
  const t = useBulkTexts();
  const label = useFieldLabel();
  const id = useId();
  const emptied = emptiedBy(edits).map(label);
  const tick = (field: Editable, on: boolean): void => {
    const others = Object.fromEntries(Object.entries(edits).filter(([key]) => key !== field)) as Edits;
    onChange(on ? { ...others, [field]: "" } : others);
  };
  return (
    <fieldset className="edit-fields">
      <legend className="soft">{t("editHint")}</legend>
      {EDITABLE.map((field) => {
        const value = edits[field];
        return (
          <div key={field} className="edit-fields-row">
            <Checkbox checked={value !== undefined} onChange={(event) => tick(field, event.target.checked)}>
              {label(field)}
            </Checkbox>
            {value === undefined ? (
              <span className="soft">{t("staysAsItIs")}</span>
            ) : (
              <>
                <label className="visually-hidden" htmlFor={`${id}-${field}`}>
                  {t("valueOf", { field: label(field) })}
                </label>
                <Control
                  field={field}
                  id={`${id}-${field}`}
                  value={value}
                  onChange={(next) => onChange({ ...edits, [field]: next })}
                />
              </>
            )}
          </div>
        );
      })}
      <p role="status" className="edit-fields-emptied">
        {emptied.length > 0 && t("willBeEmpty", { fields: emptied.join(t("comma")) })}
      </p>
      {edits.lifecycle === "retired" && <p className="soft">{t("retiresHint")}</p>}
    </fieldset>
  );
}
