import { Button } from "antd";
import { Download } from "lucide-react";
import { useCallback } from "react";
import { Notices } from "@/parts/Notices";
import { Problem } from "@/parts/Problem";
import { ApplyPanel } from "./ApplyPanel";
import { saveFile } from "./csv";
import { BinnedNames } from "./BinnedNames";
import { MendRow } from "./MendRow";
import { correctedCells, faultyCsv, mistakesCsv } from "./preview";
import { RowTable } from "./RowTable";
import { useImportTexts } from "./texts";
import type { Import, ImportRow } from "./types";
import type { Rehearsal } from "./useRehearsal";
import { setWizard, useWizard } from "./wizard";

/** The name of a file without its ending. */
const stem = (name: string): string => name.replace(/\.[^.]*$/, "");

export function FaultyButton({ report }: { report: Import }) {
  const t = useImportTexts();
  const whole = faultyCsv(report);
  const csv = whole ?? mistakesCsv(report);
  if (csv === null) return null;
  return (
    <Button
      icon={<Download size={14} aria-hidden="true" />}
      title={t(whole ? "faultyHint" : "mistakesHint")}
      onClick={() => saveFile(`${stem(report.file_name)}-errors.csv`, csv)}
    >
      {t(whole ? "faulty" : "mistakesFile", { count: report.summary.error })}
    </Button>
  );
}

/** What would become of every row, with the ways to mend the wrong ones, and the import itself. */
export function PreviewStep({ rehearsal }: { rehearsal: Rehearsal }) {
  const t = useImportTexts();
  const { report, corrections } = useWizard();
  const { isPending: busy, mutate } = rehearsal;
  const columns = report?.columns;
  const below = useCallback(
    (row: ImportRow) =>
      row.action === "error" && row.cells !== null ? (
        <MendRow row={row} columns={columns ?? []} busy={busy} onMended={() => mutate()} />
      ) : null,
    [columns, busy, mutate],
  );
  if (report === null) return null;
  const mended = correctedCells(corrections);
  return (
    <div className="stack">
      {rehearsal.error && <Problem error={rehearsal.error} onRetry={() => mutate()} />}
      <div className="line-up">
        <span className="mono">{report.file_name}</span>
        <Button loading={busy} onClick={() => mutate()}>
          {t("recheck")}
        </Button>
        <FaultyButton report={report} />
        <Button onClick={() => setWizard((before) => ({ ...before, step: "columns" }))}>
          {t("toColumns")}
        </Button>
        <Button onClick={() => setWizard((before) => ({ ...before, step: "file" }))}>
          {t("chooseOther")}
        </Button>
        {report.summary.insert > 0 && (
          <Button onClick={() => setWizard((before) => ({ ...before, step: "sample" }))}>
            {t("toSample")}
          </Button>
        )}
      </div>
      {mended > 0 && (
        <div className="line-up soft">
          <span>{t("mended", { count: mended })}</span>
          <Button
            size="small"
            disabled={busy}
            onClick={() => {
              setWizard((before) => ({ ...before, corrections: {} }));
              mutate();
            }}
          >
            {t("mendedDrop")}
          </Button>
        </div>
      )}
      <BinnedNames rows={report.rows} busy={busy} onRestored={() => mutate()} />
      {report.warnings && report.warnings.length > 0 && (
        <div className="stack-small">
          <Notices notices={report.warnings} />
        </div>
      )}
      <ApplyPanel report={report} />
      <RowTable report={report} below={below} busy={busy} onMended={() => mutate()} />
    </div>
  );
}
