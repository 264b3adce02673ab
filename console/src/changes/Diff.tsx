import "./Diff.css";
import type { FieldDiff, Line } from "./diff";
import { useChangeTexts } from "./texts";
import { Nothing } from "@/parts/Nothing";

function Side({ lines, mark: Mark }: { lines: Line[] | null; mark: "ins" | "del" }) {
  if (lines === null) return <Nothing />;
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
export function Diff({
  caption,
  fields,
  labelOf,
  heads,
}: {
  caption: string;
  fields: readonly FieldDiff[];
  /** The name of a field in words; without it the API's own name stands there. */
  labelOf?: (field: string) => string;
  /** What the two sides are, where they are not before and after. */
  heads?: [string, string];
}) {
  const t = useChangeTexts();
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
            <th scope="row" className={labelOf ? undefined : "mono"} title={one.field}>
              {labelOf ? labelOf(one.field) : one.field}
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
