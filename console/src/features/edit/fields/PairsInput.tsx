import { Button, Input, Select } from "antd";
import { Plus, X } from "lucide-react";
import { newPair, type Pair } from "../fields";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import { FieldBox, type FieldProps, useControl } from "./Field";

type PairField = "custom" | "external_ids";

function ValueControl({
  pair,
  label,
  onChange,
}: {
  pair: Pair;
  label: string;
  onChange: (value: string) => void;
}) {
  const t = useEditTexts();
  if (pair.kind === "boolean") {
    return (
      <Select
        aria-label={label}
        value={pair.value === "true" ? "true" : "false"}
        options={["true", "false"].map((value) => ({ value, label: value }))}
        onChange={onChange}
      />
    );
  }
  return (
    <Input
      aria-label={label}
      value={pair.value}
      disabled={pair.kind === "empty"}
      placeholder={pair.kind === "empty" ? t("emptyKind") : undefined}
      inputMode={pair.kind === "number" ? "decimal" : undefined}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function PairRow({
  field,
  pair,
  first,
  onChange,
  onRemove,
}: {
  field: PairField;
  pair: Pair;
  first: boolean;
  onChange: (pair: Pair) => void;
  onRemove: () => void;
}) {
  const t = useEditTexts();
  const name = useFieldLabel()(field);
  const { control, error } = useControl(field);
  const keyLabel = t(field === "external_ids" ? "system" : "key");
  const kinds: Pair["kind"][] =
    pair.kind === "empty" ? ["empty", "text", "number", "boolean"] : ["text", "number", "boolean"];
  return (
    <div className={field === "custom" ? "edit-pair edit-pair-kinds" : "edit-pair"}>
      <Input
        {...(first ? control : {})}
        aria-label={`${name}: ${keyLabel}`}
        placeholder={keyLabel}
        value={pair.key}
        status={error ? "error" : ""}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ ...pair, key: event.target.value })}
      />
      <ValueControl
        pair={pair}
        label={`${name}: ${t("value")} ${pair.key}`}
        onChange={(value) => onChange({ ...pair, value })}
      />
      {field === "custom" && (
        <Select
          aria-label={`${name}: ${t("kind")} ${pair.key}`}
          value={pair.kind}
          options={kinds.map((kind) => ({ value: kind, label: t(kind === "empty" ? "emptyKind" : kind) }))}
          onChange={(kind) => onChange({ ...pair, kind })}
        />
      )}
      <Button
        type="text"
        icon={<X size={16} aria-hidden="true" />}
        aria-label={t("removeRow", { key: pair.key })}
        onClick={onRemove}
      />
    </div>
  );
}

/** Keys and their values, a row for each. */
export function PairsInput({ field, hint }: FieldProps & { field: PairField }) {
  const { values, set, leave } = useFormApi();
  const t = useEditTexts();
  const { control } = useControl(field, hint);
  const pairs = values[field];
  return (
    <FieldBox field={field} hint={hint} wide group>
      <div
        className="edit-pairs"
        role="group"
        aria-labelledby={`${control.id}-label`}
        onBlur={() => leave(field)}
      >
        {pairs.map((pair, at) => (
          <PairRow
            key={pair.row}
            field={field}
            pair={pair}
            first={at === 0}
            onChange={(next) => set(field, pairs.with(at, next))}
            onRemove={() => set(field, pairs.toSpliced(at, 1))}
          />
        ))}
        <div>
          <Button
            size="small"
            icon={<Plus size={14} aria-hidden="true" />}
            id={pairs.length === 0 ? control.id : undefined}
            onClick={() => set(field, [...pairs, newPair()])}
          >
            {t("addRow")}
          </Button>
        </div>
      </div>
    </FieldBox>
  );
}
