import { Select } from "antd";
import { useState } from "react";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import type { TextField } from "./controls";
import { FieldBox, type FieldProps, useControl } from "./Field";
import "./ThingChoice.css";
import { type Kind, useSettled, useThings } from "./things";

/** A choice among things of the register; `known` names the one that is chosen before any list has come. */
export function ThingChoice({
  field,
  kind,
  hint,
  known,
}: FieldProps & {
  field: TextField;
  kind: Kind;
  known?: { value: string; label: string };
}) {
  const { values, set, leave } = useFormApi();
  const t = useEditTexts();
  const [search, setSearch] = useState("");
  const found = useThings(kind, useSettled(search));
  // The label of what was chosen stays, whatever is searched for now.
  const [chosen, setChosen] = useState(known);
  const { error, control } = useControl(field, hint);
  const value = values[field];
  const options = (found.data ?? []).map((one) => ({ value: one.value, label: one.label, aside: one.aside }));
  const isListed = options.some((one) => one.value === value);
  if (value !== "" && !isListed && search === "") {
    const label = chosen?.value === value ? chosen.label : known?.value === value ? known.label : value;
    options.unshift({ value, label, aside: "" });
  }
  return (
    <FieldBox field={field} hint={hint}>
      <Select
        {...control}
        value={value === "" ? undefined : value}
        options={options}
        allowClear
        placeholder={t("noneOption")}
        status={error ? "error" : ""}
        loading={found.isFetching && found.data === undefined}
        showSearch={{ filterOption: false, searchValue: search, onSearch: setSearch }}
        notFoundContent={t(
          found.isError ? "optionsFailed" : found.isPending ? "loadingOptions" : "noOptions",
        )}
        optionRender={({ data }) => (
          <span className="thing-option">
            <span className="cut">{data.label}</span>
            <span className="faint small cut">{data.aside}</span>
          </span>
        )}
        onChange={(next?: string) => {
          const one = options.find((each) => each.value === next);
          setChosen(one && { value: one.value, label: one.label });
          set(field, next ?? "");
        }}
        onBlur={() => {
          setSearch("");
          leave(field);
        }}
      />
    </FieldBox>
  );
}
