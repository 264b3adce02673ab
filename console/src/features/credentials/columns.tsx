import type { ColumnDef } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Credential } from "@/api/types";
import { Ago } from "@/parts/Ago";
import { engineName } from "@/words/engines";
import { StatusMark } from "@/parts/StatusMark";
import { isUnbound, shortOf } from "./bindings";
import { useCredentialTexts } from "./texts";

function Places({ of: { bindings } }: { of: Credential }) {
  const t = useCredentialTexts();
  if (isUnbound(bindings)) return <StatusMark state="skipped" label={t("unbound")} />;
  const { shown, more } = shortOf(bindings);
  return (
    <span className="credentials-places">
      <span className="mono cut">{shown.join(" ")}</span>
      {more > 0 && <span className="soft">{t("more", { count: more })}</span>}
      {bindings.engines.length > 0 && (
        <span className="soft">
          {t("onlyEngines", { engines: bindings.engines.map(engineName).join(", ") })}
        </span>
      )}
    </span>
  );
}

export function PasswordMark({ set }: { set: boolean }) {
  const t = useCredentialTexts();
  return set ? (
    <StatusMark state="ok" label={t("passwordSet")} />
  ) : (
    <StatusMark state="failed" label={t("passwordMissing")} />
  );
}

export function useCredentialColumns(): ColumnDef<Credential>[] {
  const t = useCredentialTexts();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        size: 200,
        cell: ({ row }) => (
          <Link
            to="/credentials/$credentialId"
            params={{ credentialId: String(row.original.id) }}
            data-row-link
            className="credentials-name"
            title={row.original.description ?? undefined}
          >
            {row.original.name}
          </Link>
        ),
      },
      {
        id: "username",
        header: t("username"),
        size: 140,
        cell: ({ row }) => <span className="mono">{row.original.username}</span>,
      },
      { id: "bindings", header: t("bindings"), size: 420, cell: ({ row }) => <Places of={row.original} /> },
      {
        id: "usage",
        header: t("usage"),
        size: 110,
        meta: { number: true },
        cell: ({ row }) => {
          const { name, usage_count } = row.original;
          const told = t("usageCount", { count: usage_count });
          return usage_count === 0 ? (
            <span className="faint">{told}</span>
          ) : (
            <Link to="/instances" search={{ credential: name }}>
              {told}
            </Link>
          );
        },
      },
      {
        id: "password",
        header: t("password"),
        size: 100,
        cell: ({ row }) => <PasswordMark set={row.original.password_set} />,
      },
      {
        id: "updated",
        header: t("updated"),
        size: 130,
        cell: ({ row }) => <Ago at={row.original.updated_at} />,
      },
    ],
    [t],
  );
}
