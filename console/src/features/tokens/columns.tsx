import type { ColumnDef } from "@tanstack/react-table";
import { Button } from "antd";
import { useMemo, useSyncExternalStore } from "react";
import type { Token } from "@/api/types";
import { Ago } from "@/parts/Ago";
import { type State, StatusMark } from "@/parts/StatusMark";
import { useRoleWord } from "@/session/roles";
import { type TokenState, tokenState } from "./expiry";
import { useTokenTexts } from "./texts";

const MARKS: Record<TokenState, State> = {
  active: "ok",
  soon: "degraded",
  expired: "failed",
  owner_disabled: "skipped",
};

const MINUTE_MS = 60_000;

function subscribe(changed: () => void): () => void {
  const timer = setInterval(changed, MINUTE_MS);
  return () => clearInterval(timer);
}

function TokenMark({ of }: { of: Token }) {
  const t = useTokenTexts();
  const state = useSyncExternalStore(subscribe, () => tokenState(of, Date.now()));
  return <StatusMark state={MARKS[state]} label={t(state)} />;
}

export function useTokenColumns(everybody: boolean, onRevoke: (of: Token) => void): ColumnDef<Token>[] {
  const t = useTokenTexts();
  const roleWord = useRoleWord();
  return useMemo(() => {
    const columns: ColumnDef<Token>[] = [
      {
        id: "name",
        header: t("name"),
        size: 120,
        cell: ({ row }) => <span className="tokens-name">{row.original.name}</span>,
      },
      { id: "state", header: t("state"), size: 100, cell: ({ row }) => <TokenMark of={row.original} /> },
      {
        id: "expires",
        header: t("expires"),
        size: 100,
        cell: ({ row }) => <Ago at={row.original.expires_at} />,
      },
      { id: "owner", header: t("owner"), size: 90, cell: ({ row }) => row.original.owner.username },
      {
        id: "role",
        header: t("role"),
        size: 110,
        cell: ({ row: { original } }) =>
          original.role === original.effective_role
            ? roleWord(original.role)
            : t("roleLimited", {
                role: roleWord(original.role),
                effective: roleWord(original.effective_role),
              }),
      },
      {
        id: "networks",
        header: t("networks"),
        size: 130,
        cell: ({ row: { original } }) =>
          original.networks.length === 0 ? (
            <span className="soft">{t("anywhere")}</span>
          ) : (
            <span className="mono" title={original.networks.join("\n")}>
              {original.networks.join(" ")}
            </span>
          ),
      },
      {
        id: "lastUsed",
        header: t("lastUsed"),
        size: 110,
        cell: ({ row }) => <Ago at={row.original.last_used_at} empty={t("neverUsed")} />,
      },
      {
        id: "created",
        header: t("created"),
        size: 100,
        cell: ({ row }) => <Ago at={row.original.created_at} />,
      },
      {
        id: "acts",
        header: t("acts"),
        size: 80,
        meta: { number: true },
        cell: ({ row }) => (
          <Button size="small" danger onClick={() => onRevoke(row.original)}>
            {t("revoke")}
          </Button>
        ),
      },
    ];
    return columns.filter((one) => everybody || one.id !== "owner");
  }, [t, roleWord, everybody, onRevoke]);
}
