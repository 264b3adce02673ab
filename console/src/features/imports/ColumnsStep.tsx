import { useFieldLabel } from "@/words/useFieldLabel";
import { ended, inARow } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useId } from "react";
import { Problem } from "@/parts/Problem";
import { fieldsQuery } from "./calls";
import { chosen, leftOutHeaders, memberPlaces, placeOf, twiceMapped, unknownHeaders } from "./mapping";
import { OptionFields } from "./OptionFields";
import { useImportTexts } from "./texts";
import { remember } from "./remembered";
import type { ImportColumn } from "./types";
import type { Rehearsal } from "./useRehearsal";
import { setWizard, useWizard } from "./wizard";

const LEFT_OUT = "";
const COMPARED = "id?";
const TOLD_AT_COLUMNS = new Set(["unknown_column", "column_twice"]);

/** A field in words and by its name; once, where these are the same. */
const withName = (label: string, field: string): string =>
  label.toLowerCase() === field ? label : `${label} · ${field}`;

function ColumnRow({ column, isTwice }: { column: ImportColumn; isTwice: boolean }) {
  const t = useImportTexts();
  const shown = useLanguage();
  const labelOf = useFieldLabel();
  const id = useId();
  const { mapping } = useWizard();
  const fields = useQuery(fieldsQuery);
  const place = placeOf(column, mapping);
  const known = fields.data ?? [];
  const options = [
    { value: LEFT_OUT, label: t("leaveOut") },
    ...known.map(({ field, zh }) => ({
      value: field,
      label: withName(shown === "zh" ? zh : labelOf(field), field),
    })),
    { value: "id", label: t("idPlace") },
    ...memberPlaces(column.header).map((value) => ({ value, label: value })),
  ];
  // A number that nobody spoke of is compared with the name; only a choice makes it say which instance is meant.
  const isCompared = column.field === "id" && mapping[column.header] === undefined;
  if (isCompared) options.push({ value: COMPARED, label: t("idCompared") });
  const value = isCompared ? COMPARED : place === null ? LEFT_OUT : place;
  if (value !== undefined && !options.some((one) => one.value === value))
    options.push({ value, label: value });
  const isChosen = mapping[column.header] !== undefined;
  const state =
    place === undefined
      ? "unknownColumn"
      : place === null
        ? "leftOut"
        : isChosen
          ? "changedByYou"
          : "understood";
  const isWrong = place === undefined || isTwice;
  return (
    <tr>
      <th scope="row">
        <label htmlFor={id}>{column.header}</label>
      </th>
      <td className="soft mono import-samples">{column.samples.join(" · ")}</td>
      <td>
        <Select
          id={id}
          className="import-place"
          aria-label={t("meaningOf", { header: column.header })}
          showSearch={{ optionFilterProp: "label" }}
          status={isWrong ? "error" : undefined}
          placeholder={t("notSaid")}
          loading={fields.isPending}
          value={value}
          onChange={(next: string) => {
            const field = next === LEFT_OUT ? null : next;
            remember({ [column.header]: field });
            setWizard((before) => ({
              ...before,
              mapping: chosen(before.mapping, column.header, field),
              stale: true,
            }));
          }}
          options={options}
        />
      </td>
      <td className={isWrong ? "import-wrong" : "soft"}>{t(state)}</td>
    </tr>
  );
}

/** What each column of the file means: as the server understood it, until somebody says otherwise. */
export function ColumnsStep({ rehearsal }: { rehearsal: Rehearsal }) {
  const t = useImportTexts();
  const shown = useLanguage();
  const { columns, columnFaults, mapping } = useWizard();
  const all = columns ?? [];
  const unknown = unknownHeaders(all, mapping);
  const twice = twiceMapped(all, mapping);
  const left = leftOutHeaders(all, mapping).length;
  const leaveOut = (): void => {
    const out = Object.fromEntries(unknown.map((header) => [header, null]));
    remember(out);
    setWizard((before) => ({ ...before, mapping: { ...before.mapping, ...out }, stale: true }));
  };
  const others = columnFaults.filter((one) => !TOLD_AT_COLUMNS.has(one.code));
  return (
    <div className="stack">
      {rehearsal.error && <Problem error={rehearsal.error} />}
      {others.length > 0 && (
        <Problem
          error={inARow(
            others.map((one) => one.message),
            shown,
          )}
        />
      )}
      <div className="line-up" role="status">
        <p>
          {ended(t("columnsHint", { count: all.length - unknown.length - left }), shown)}
          {left > 0 && ended(t("columnsLeft", { count: left }), shown)}
          {unknown.length > 0 && (
            <strong className="import-wrong">{t("columnsUnknown", { count: unknown.length })}</strong>
          )}
        </p>
        {unknown.length > 0 && (
          <Button size="small" onClick={leaveOut}>
            {t("leaveOutAll")}
          </Button>
        )}
        {twice.length > 0 && <strong className="import-wrong">{t("columnsTwice")}</strong>}
      </div>
      <div className="import-frame">
        <table className="import-table import-columns">
          <thead>
            <tr>
              <th scope="col">{t("column")}</th>
              <th scope="col">{t("samples")}</th>
              <th scope="col">{t("meaning")}</th>
              <th scope="col">{t("state")}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((column) => (
              <ColumnRow key={column.header} column={column} isTwice={twice.includes(column.header)} />
            ))}
          </tbody>
        </table>
      </div>
      <OptionFields />
      <div>
        <Button
          type="primary"
          disabled={unknown.length > 0 || twice.length > 0}
          loading={rehearsal.isPending}
          onClick={() => rehearsal.mutate()}
        >
          {t("toPreview")}
        </Button>
      </div>
    </div>
  );
}
