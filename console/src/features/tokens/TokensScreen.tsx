import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { Plus } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import { whyHeaders } from "@/api/headers";
import type { Token } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { Screen } from "@/parts/Screen";
import { SearchedList, useSearched } from "@/parts/SearchedList";
import { useCan, useMe } from "@/session/me";
import { CreateTokenDialog, type NewToken } from "./CreateTokenDialog";
import { useTokenColumns } from "./columns";
import { tokensQuery } from "./queries";
import { SecretDialog } from "./SecretDialog";
import { useTokenTexts } from "./texts";
import "./TokensScreen.css";

function RevokeDialog({ of, onClose }: { of: Token; onClose: () => void }) {
  const t = useTokenTexts();
  const me = useMe();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return (
    <ConfirmDialog
      title={t("revokeTitle", { name: of.name })}
      okText={t("revoke")}
      danger
      asksWhy
      send={(_, why) => {
        const params = { path: { token_id: of.id }, header: whyHeaders(why) };
        return api.DELETE("/tokens/{token_id}", { params, body: {} });
      }}
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ["tokens"] });
        void message.success(t("revoked", { name: of.name }));
        onClose();
      }}
      onClose={onClose}
    >
      {of.owner.id !== me?.id && <p>{t("revokeOwner", { owner: of.owner.username })}</p>}
      <p>{t("revokeHint")}</p>
    </ConfirmDialog>
  );
}

function Tokens() {
  const t = useTokenTexts();
  const can = useCan();
  const found = useSearched(tokensQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useTokenColumns(can("users"), setRevoking);
  const create = (
    <ActionButton
      needs="token"
      type="primary"
      icon={<Plus size={14} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t("create")}
    </ActionButton>
  );
  return (
    <Screen title={t("title")} lead={t("lead")} actions={create}>
      <SearchedList
        of={found}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        loadingRows={6}
        noMatch={(search) => <Empty title={t("noMatch", { search })} />}
        empty={
          <Empty title={t("empty")} hint={t("emptyHint")}>
            {create}
          </Empty>
        }
      />
      {creating && (
        <CreateTokenDialog
          onClose={() => setCreating(false)}
          onMade={(token) => {
            setCreating(false);
            setMade(token);
          }}
        />
      )}
      {made && <SecretDialog token={made} onClose={() => setMade(null)} />}
      {revoking && <RevokeDialog of={revoking} onClose={() => setRevoking(null)} />}
    </Screen>
  );
}

/** The tokens of the caller, or those of everybody for who manages users. */
export function TokensScreen() {
  const t = useTokenTexts();
  if (useCan()("token")) return <Tokens />;
  return (
    <Screen title={t("title")}>
      <Forbidden action="token" />
    </Screen>
  );
}
