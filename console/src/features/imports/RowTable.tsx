import { Input, Pagination } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { Empty } from "@/parts/Empty";
import { count } from "@/parts/format";
import { Mistakes } from "./Mistakes";
import { mistakesOf, TAKEN, takenRows } from "./mistakes";
import { RowLine } from "./RowLine";
import { filterRows, firstKind, type Kind, KINDS } from "./preview";
import { useImportTexts } from "./texts";
import type { Import, ImportColumn, ImportRow } from "./types";

const PAGE = 50;
const NO_COLUMNS: readonly ImportColumn[] = [];

/**
 * The rows of a file by what becomes of them: filtered, found and paged here, since all of them are here already.
 *
 * `aside` stands in a column of its own, `below` under the details of a row. With `onMended` mistakes that many rows
 * share can be mended together; it is called after that.
 */
export function RowTable({
  report,
  aside,
  asideName,
  below,
  onMended,
  busy = false,
}: {
  report: Import;
  aside?: (row: ImportRow) => ReactNode;
  asideName?: string;
  below?: (row: ImportRow) => ReactNode;
  onMended?: () => void;
  busy?: boolean;
}) {
  const t = useImportTexts();
  const [kind, setKind] = useState<Kind>(() => firstKind(report));
  const [word, setWord] = useState("");
  const [pressed, setPressed] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  // A kind that has no rows left, as after mending the last wrong one, shows all.
  const shownKind = kind !== "all" && report.summary[kind] === 0 && kind === "error" ? "all" : kind;
  const columns = report.columns ?? NO_COLUMNS;
  const mistakes = useMemo(() => mistakesOf(report.rows, columns), [report.rows, columns]);
  // A mistake counts while its rows are looked at; once it is mended there is none.
  const taken = useMemo(() => takenRows(report.rows), [report.rows]);
  const isTaken = pressed === TAKEN && taken.size > 0;
  const mistake = shownKind === "error" ? mistakes.find((one) => one.key === pressed) : undefined;
  const only = isTaken ? taken : (mistake?.rows ?? null);
  const rows = useMemo(
    () => filterRows(report.rows, shownKind, word, only),
    [report.rows, shownKind, word, only],
  );
  const last = Math.max(1, Math.ceil(rows.length / PAGE));
  const shownPage = Math.min(page, last);
  const [toggle] = useState(() => (row: number) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(row)) next.add(row);
      return next;
    });
  });
  return (
    <div className="stack-small">
      <div className="import-filter">
        <div role="group" aria-label={t("kinds")} className="import-kinds">
          {KINDS.map((each) => (
            <button
              key={each}
              type="button"
              className={`import-kind import-kind-${each}`}
              aria-pressed={shownKind === each && !isTaken}
              onClick={() => {
                setKind(each);
                setPressed(null);
                setPage(1);
              }}
            >
              {t(each)} <strong>{count(each === "all" ? report.summary.rows : report.summary[each])}</strong>
            </button>
          ))}
          {taken.size > 0 && (
            <button
              type="button"
              className="import-kind"
              aria-pressed={isTaken}
              onClick={() => {
                setKind("all");
                setPressed(isTaken ? null : TAKEN);
                setPage(1);
              }}
            >
              {t("taken")} <strong>{count(taken.size)}</strong>
            </button>
          )}
        </div>
        <Input
          allowClear
          className="import-find"
          value={word}
          placeholder={t("find")}
          aria-label={t("find")}
          onChange={(event) => {
            setWord(event.target.value);
            setPage(1);
          }}
        />
      </div>
      {shownKind === "error" && (
        <Mistakes
          mistakes={mistakes}
          pressed={pressed}
          onPress={(key) => {
            setPressed(key);
            setPage(1);
          }}
          onMended={onMended}
          busy={busy}
        />
      )}
      {rows.length === 0 ? (
        <Empty title={t("noRows")} hint={t("noRowsHint")} />
      ) : (
        <div className="import-frame" tabIndex={0} role="region" aria-label={t("stepPreview")}>
          <table className="import-table import-rows">
            <colgroup>
              <col className="import-col-open" />
              <col className="import-col-row" />
              <col className="import-col-result" />
              <col className="import-col-name" />
              <col />
              {aside && <col className="import-col-aside" />}
            </colgroup>
            <thead>
              <tr>
                <td />
                <th scope="col" className="number">
                  {t("row")}
                </th>
                <th scope="col">{t("result")}</th>
                <th scope="col">{t("name")}</th>
                <th scope="col">{t("what")}</th>
                {aside && <th scope="col">{asideName}</th>}
              </tr>
            </thead>
            <tbody>
              {rows.slice((shownPage - 1) * PAGE, shownPage * PAGE).map((row) => (
                <RowLine
                  key={row.row}
                  row={row}
                  columns={columns}
                  open={open.has(row.row)}
                  onToggle={toggle}
                  aside={aside}
                  below={below}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > PAGE && (
        <Pagination
          size="small"
          align="end"
          current={shownPage}
          pageSize={PAGE}
          total={rows.length}
          showSizeChanger={false}
          onChange={setPage}
        />
      )}
    </div>
  );
}
