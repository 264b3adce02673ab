import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import { bareField, cellOf } from "./mistakes";
import { newValues, valueText } from "./preview";
import { useImportTexts } from "./texts";
import type { Change, ImportColumn, ImportRow } from "./types";

const SHOWN = 7;

function Value({ change, of }: { change: Change; of: "before" | "after" }) {
  const t = useImportTexts();
  const say = useSay();
  if (change.secret) return <span className="faint">{t("secret")}</span>;
  return <>{valueText(say(change.field, change[of]))}</>;
}

/** A mistake: where, what the file says there, and what is wrong with it. */
function Fault({
  fault,
  row,
  columns,
}: {
  fault: ImportRow["errors"][number];
  row: ImportRow;
  columns: readonly ImportColumn[];
}) {
  const t = useImportTexts();
  const label = useFieldLabel();
  const value = fault.value ?? cellOf(row, columns, fault.field);
  return (
    <li>
      <strong className="import-wrong">{label(bareField(fault.field))}</strong>{" "}
      {value !== null && <span className="mono import-bad">{value || t("emptyCell")}</span>} {fault.message}
    </li>
  );
}

/** Who else has the endpoint that the row gives. */
function SameEndpoint({ row }: { row: ImportRow }) {
  const t = useImportTexts();
  if (row.same_endpoint.length === 0) return null;
  return (
    <span className="import-same">
      <TriangleAlert size={14} aria-hidden="true" /> {t("sameEndpoint")}{" "}
      {row.same_endpoint.map(({ id, name }) =>
        id === null ? (
          <span key={name} className="mono">
            {name}{" "}
          </span>
        ) : (
          <Link key={name} to="/instances/$instanceId" params={{ instanceId: String(id) }}>
            {name}{" "}
          </Link>
        ),
      )}
    </span>
  );
}

/** A row in one line: its mistakes, what changes, or what is new. */
export function Summary({ row, columns }: { row: ImportRow; columns: readonly ImportColumn[] }) {
  const t = useImportTexts();
  const label = useFieldLabel();
  if (row.action === "error")
    return (
      <ul className="import-faults">
        {row.errors.map((one) => (
          <Fault key={`${one.field}${one.code}`} fault={one} row={row} columns={columns} />
        ))}
      </ul>
    );
  const changes = row.action === "insert" ? newValues(row) : row.changes;
  const rest = changes.length - SHOWN;
  return (
    <span className="import-changes">
      <SameEndpoint row={row} />
      {changes.slice(0, SHOWN).map((change) => (
        <span key={change.field} className="import-change">
          <span className="soft">{label(change.field)}</span>{" "}
          {row.action === "update" && (
            <>
              <del>
                <Value change={change} of="before" />
              </del>{" "}
              <span aria-hidden="true">→</span>{" "}
            </>
          )}
          <ins>
            <Value change={change} of="after" />
          </ins>
        </span>
      ))}
      {rest > 0 && <span className="soft">{t("more", { count: rest })}</span>}
    </span>
  );
}

/** All fields of a row, before and after. */
export function Details({ row }: { row: ImportRow }) {
  const t = useImportTexts();
  const label = useFieldLabel();
  const changes = row.action === "insert" ? newValues(row) : row.changes;
  if (changes.length === 0) return null;
  return (
    <table className="import-fields">
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          {row.action === "update" && <th scope="col">{t("before")}</th>}
          <th scope="col">{t("after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">
              {label(change.field)} <code className="faint">{change.field}</code>
            </th>
            {row.action === "update" && (
              <td>
                <Value change={change} of="before" />
              </td>
            )}
            <td>
              <Value change={change} of="after" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
