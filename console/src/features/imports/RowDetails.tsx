import { newValues, valueText } from "./preview";
import { useImportTexts } from "./texts";
import type { Change, ImportRow } from "./types";

const SHOWN = 7;

function Value({ change, of }: { change: Change; of: "before" | "after" }) {
  const t = useImportTexts();
  if (change.secret) return <span className="faint">{t("secret")}</span>;
  return <>{valueText(change[of])}</>;
}

/** A row in one line: its mistakes, what changes, or what is new. */
export function Summary({ row }: { row: ImportRow }) {
  const t = useImportTexts();
  if (row.action === "error")
    return (
      <ul className="import-faults">
        {row.errors.map((one) => (
          <li key={`${one.field}${one.code}`}>
            <code>{one.field}</code> {one.message}
          </li>
        ))}
      </ul>
    );
  const changes = row.action === "insert" ? newValues(row) : row.changes;
  const rest = changes.length - SHOWN;
  return (
    <span className="import-changes">
      {changes.slice(0, SHOWN).map((change) => (
        <span key={change.field} className="import-change">
          <code>{change.field}</code>{" "}
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
              <code>{change.field}</code>
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
