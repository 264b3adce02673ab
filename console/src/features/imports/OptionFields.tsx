import { Select } from "antd";
import { useImportTexts } from "./texts";
import { type Options, setWizard, useWizard } from "./wizard";

const OFFSETS = ["-08:00", "-05:00", "+00:00", "+01:00", "+05:30", "+08:00", "+09:00"];

/** The offset of this computer as "+08:00". */
function offsetHere(): string {
  const minutes = -new Date().getTimezoneOffset();
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** How the file is read: what an empty cell means, and a time without a zone. */
export function OptionFields() {
  const t = useImportTexts();
  const { options } = useWizard();
  const set = (change: Partial<Options>): void =>
    setWizard((before) => ({ ...before, options: { ...before.options, ...change }, stale: true }));
  const here = offsetHere();
  const offsets = OFFSETS.includes(here) ? OFFSETS : [...OFFSETS, here].sort();
  return (
    <fieldset className="import-options">
      <legend className="visually-hidden">{t("options")}</legend>
      <span className="import-pair">
        <label htmlFor="import-empty">{t("empty")}</label>
        <Select
          id="import-empty"
          value={options.empty}
          onChange={(empty) => set({ empty })}
          options={[
            { value: "keep", label: t("emptyKeep") },
            { value: "clear", label: t("emptyClear") },
          ]}
        />
      </span>
      <span className="import-pair">
        <label htmlFor="import-utc">{t("utcOffset")}</label>
        <Select
          id="import-utc"
          value={options.utcOffset}
          onChange={(utcOffset) => set({ utcOffset })}
          options={[
            { value: "", label: t("utcNone") },
            ...offsets.map((offset) => ({
              value: offset,
              label: t(offset === here ? "utcHere" : "utcOf", { offset }),
            })),
          ]}
        />
      </span>
    </fieldset>
  );
}
