import { Button, Input } from "antd";
import { useId, useState } from "react";
import { headerOf } from "./mapping";
import { correct } from "./preview";
import { useImportTexts } from "./texts";
import type { ImportColumn, ImportRow } from "./types";
import { setWizard } from "./wizard";

/** The cells of a wrong row, those with mistakes first; the rest on demand. */
export function MendRow({
  row,
  columns,
  busy,
  onMended,
}: {
  row: ImportRow;
  columns: readonly ImportColumn[];
  busy: boolean;
  onMended: () => void;
}) {
  const t = useImportTexts();
  const id = useId();
  const cells = row.cells ?? {};
  const faulty = [...new Set(row.errors.map((one) => headerOf(columns, one.field)))].filter(
    (header): header is string => header !== null && header in cells,
  );
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [showAll, setShowAll] = useState(faulty.length === 0);
  const headers = showAll
    ? [...faulty, ...Object.keys(cells).filter((one) => !faulty.includes(one))]
    : faulty;
  return (
    <form
      className="import-mend"
      aria-label={t("mendRow", { row: row.row })}
      onSubmit={(event) => {
        event.preventDefault();
        setWizard((before) => ({ ...before, corrections: correct(before.corrections, row, texts) }));
        onMended();
      }}
    >
      {headers.map((header, index) => (
        <div key={header} className="import-mend-cell">
          <label htmlFor={`${id}-${index}`}>{header}</label>
          <Input
            id={`${id}-${index}`}
            status={faulty.includes(header) ? "error" : undefined}
            value={texts[header] ?? cells[header] ?? ""}
            onChange={(event) => setTexts({ ...texts, [header]: event.target.value })}
          />
        </div>
      ))}
      <div className="line-up">
        <Button
          htmlType="submit"
          type="primary"
          size="small"
          loading={busy}
          disabled={Object.keys(texts).length === 0}
        >
          {t("mendSave")}
        </Button>
        {!showAll && (
          <Button size="small" onClick={() => setShowAll(true)}>
            {t("mendAll")}
          </Button>
        )}
      </div>
    </form>
  );
}
