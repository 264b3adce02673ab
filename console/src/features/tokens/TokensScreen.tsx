import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import type { Token } from "@/api/types";
import { one } from "@/app/search";
import { ActionButton } from "@/parts/ActionButton";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { PagedList } from "@/parts/PagedList";
import { Screen } from "@/parts/Screen";
import { SearchBox } from "@/parts/SearchBox";
import { usePaging } from "@/parts/usePaging";
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
      send={() => api.DELETE("/tokens/{token_id}", { params: { path: { token_id: of.id } }, body: {} })}
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

/** The tokens of the caller, or those of everybody for who manages users. */
export function TokensScreen() {
  const t = useTokenTexts();
  const can = useCan();
  const paging = usePaging();
  const search = one(paging.search, "search") ?? "";
  const list = useQuery({ ...tokensQuery(paging.page, paging.limit, search), enabled: can("token") });
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useTokenColumns(can("users"), setRevoking);
  if (!can("token"))
    return (
      <Screen title={t("title")}>
        <Forbidden action="token" />
      </Screen>
    );
  const create = (
    <ActionButton needs="token" type="primary" onClick={() => setCreating(true)}>
      {t("create")}
    </ActionButton>
  );
  return (
    <Screen title={t("title")} lead={t("lead")} actions={create}>
      <SearchBox value={search} onChange={(text) => paging.change({ search: text, page: undefined })} />
      <PagedList
        list={list}
        paging={paging}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        loadingRows={6}
        empty={
          search ? (
            <Empty title={t("noMatch", { search })} />
          ) : (
            <Empty title={t("empty")} hint={t("emptyHint")}>
              {create}
            </Empty>
          )
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
