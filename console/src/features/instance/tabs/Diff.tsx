import "./Diff.css";
import type { FieldDiff } from "./diff";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useTabTexts } from "./texts";

/** Before and after side by side, field by field. */
export function Diff({
  caption,
  fields,
  heads,
}: {
  caption: string;
  fields: readonly FieldDiff[];
  heads?: [string, string];
}) {
  const t = useTabTexts();
  const label = useFieldLabel();
  const nothing = <span className="faint">{t("nothing")}</span>;
  return (
    <table className="diff">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          <th scope="col">{heads?.[0] ?? t("before")}</th>
          <th scope="col">{heads?.[1] ?? t("after")}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((one) => (
          <tr key={one.field}>
            <th scope="row" title={one.field}>
              {label(one.field)}
            </th>
            {one.kind === "secret" ? (
              <td colSpan={2} className="soft">
                {t("secret")}
              </td>
            ) : (
              <>
                <td>{one.before === null ? nothing : <del className="mono diff-was">{one.before}</del>}</td>
                <td>{one.after === null ? nothing : <ins className="mono diff-is">{one.after}</ins>}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
