import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useCallback } from "react";
import { useActorWord } from "@/changes/actor";
import { ActorName } from "@/changes/ActorName";
import { Ago } from "@/parts/Ago";
import { ActionButton } from "@/parts/ActionButton";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { usePartTexts } from "@/parts/texts";
import { importQuery } from "./calls";
import { FaultyButton } from "./PreviewStep";
import { RowTable } from "./RowTable";
import { useImportTexts } from "./texts";
import { tally, ToldMark, ToldWhy } from "./ToldMark";
import type { Import, ImportRow } from "./types";
import { UndoButton } from "./UndoButton";
import { useChecks } from "./useChecks";
import { useWizard } from "./wizard";

function writtenIds(report: Import): number[] {
  return report.rows.flatMap((row) =>
    row.id !== null && (row.action === "insert" || row.action === "update") ? [row.id] : [],
  );
}

function Written({ report }: { report: Import }) {
  const t = useImportTexts();
  const { made } = useWizard();
  const checks = useChecks();
  const { told, running } = checks;
  const ids = writtenIds(report);
  const aside = useCallback(
    (row: ImportRow) => {
      const one = row.id === null ? undefined : told.get(row.id);
      return (
        <>
          <ToldMark told={one} />{" "}
          <span className="import-why">
            <ToldWhy told={one} remedy={false} />
          </span>
        </>
      );
    },
    [told],
  );
  const below = useCallback(
    (row: ImportRow) => (
      <p className="import-prose">
        <ToldWhy told={row.id === null ? undefined : told.get(row.id)} />
      </p>
    ),
    [told],
  );
  const sums = tally(told.values());
  const isUndone = report.undone_at !== null;
  return (
    <>
      <div className="line-up">
        {ids.length > 0 && !isUndone && (
          <>
            <Link to="/instances" search={{ import_id: String(report.id) }} className="ant-btn-link">
              {t("showInstances", { count: ids.length })}
            </Link>
            {running ? (
              <Button onClick={checks.stop}>{t("sampleStop")}</Button>
            ) : (
              <ActionButton needs="check" onClick={() => void checks.run(ids)}>
                {t("checkAll", { count: ids.length })}
              </ActionButton>
            )}
          </>
        )}
        <FaultyButton report={made?.id === report.id ? made : report} />
        {!isUndone && <UndoButton report={report} />}
        <span role="status">
          {told.size > 0 &&
            `${t("checking", { done: sums.done, total: ids.length })} · ${t("checkSums", { ...sums })}`}
        </span>
      </div>
      <RowTable
        report={report}
        aside={told.size > 0 ? aside : undefined}
        asideName={t("outcome")}
        below={below}
      />
    </>
  );
}

/** One import that was made: its numbers, its instances, and the way back. */
export function RecordView({ id }: { id: number }) {
  const t = useImportTexts();
  const parts = usePartTexts();
  const actor = useActorWord();
  const record = useQuery(importQuery(id));
  const report = record.data;
  return (
    <Screen
      title={t("recordTitle", { id })}
      lead={
        report && (
          <>
            <span className="mono">{report.file_name}</span> ·{" "}
            {report.actor && <ActorName of={report.actor} />} · <Ago at={report.at} />
          </>
        )
      }
      actions={
        <Link to="/import" search={{}}>
          {t("backToImport")}
        </Link>
      }
    >
      {record.error && <Problem error={record.error} onRetry={() => void record.refetch()} />}
      {record.isPending && <span className="skeleton" />}
      {report && (
        <>
          <div className="import-figures">
            <p>{t("recordDone", { count: report.summary.insert + report.summary.update })}</p>
            {report.summary.error > 0 && (
              <p className="import-wrong">{t("recordPartial", { count: report.summary.error })}</p>
            )}
            {report.undone_at && (
              <p className="soft">
                {t("undoneBy", { who: report.undone_by ? actor(report.undone_by) : parts("unknown") })} ·{" "}
                <Ago at={report.undone_at} />
              </p>
            )}
          </div>
          <Written report={report} />
        </>
      )}
    </Screen>
  );
}
