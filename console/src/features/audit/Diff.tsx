import "./Diff.css";
import type { FieldDiff, Line } from "./diff";
import { useAuditTexts } from "./texts";

function Side({ lines, mark: Mark }: { lines: Line[] | null; mark: "ins" | "del" }) {
  const t = useAuditTexts();
  if (lines === null) return <span className="faint">{t("nothing")}</span>;
  return (
    <ul className="mono">
      {lines.map(({ text, differs }, at) => (
        // Lines of a text may be equal and have no name of their own.
        <li key={`${at} ${text}`}>{differs ? <Mark>{text}</Mark> : text}</li>
      ))}
    </ul>
  );
}

/** Before and after, side by side, field by field. */
export function Diff({ caption, fields }: { caption: string; fields: readonly FieldDiff[] }) {
  const t = useAuditTexts();
  return (
    <table className="audit-diff">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          <th scope="col">{t("before")}</th>
          <th scope="col">{t("after")}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((one) => (
          <tr key={one.field}>
            <th scope="row" className="mono">
              {one.field}
            </th>
            {one.kind === "secret" ? (
              <td colSpan={2} className="soft">
                {t("secret")}
              </td>
            ) : (
              <>
                <td>
                  <Side lines={one.before} mark="del" />
                </td>
                <td>
                  <Side lines={one.after} mark="ins" />
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
