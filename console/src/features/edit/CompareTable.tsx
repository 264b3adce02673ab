import type { ReactNode } from "react";
import "./CompareTable.css";

/** Fields in rows and what stands beside each other in columns; `children` are the rows. */
export function CompareTable({
  label,
  heads,
  className = "",
  children,
}: {
  label: string;
  heads: readonly string[];
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className="compare-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={`compare ${className}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
