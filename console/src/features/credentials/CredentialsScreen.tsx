import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { one } from "@/app/search";
import { ActionButton } from "@/parts/ActionButton";
import { Empty } from "@/parts/Empty";
import { PagedList } from "@/parts/PagedList";
import { Screen } from "@/parts/Screen";
import { SearchBox } from "@/parts/SearchBox";
import { usePaging } from "@/parts/usePaging";
import { CredentialForm } from "./CredentialForm";
import "./CredentialsScreen.css";
import { useCredentialColumns } from "./columns";
import { credentialsQuery } from "./queries";
import { useCredentialTexts } from "./texts";

/** All credentials: where each may be sent, and who uses it. */
export function CredentialsScreen() {
  const t = useCredentialTexts();
  const navigate = useNavigate();
  const paging = usePaging();
  const search = one(paging.search, "search") ?? "";
  const list = useQuery(credentialsQuery(paging.page, paging.limit, search));
  const [creating, setCreating] = useState(false);
  const columns = useCredentialColumns();
  const create = (
    <ActionButton needs="credentials" type="primary" onClick={() => setCreating(true)}>
      {t("create")}
    </ActionButton>
  );
  return (
    <Screen title={t("title")} actions={create}>
      <SearchBox value={search} onChange={(text) => paging.change({ search: text, page: undefined })} />
      <PagedList
        list={list}
        paging={paging}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        loadingRows={8}
        keys
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
        <CredentialForm
          onClose={() => setCreating(false)}
          onSaved={(saved) =>
            void navigate({
              to: "/credentials/$credentialId",
              params: { credentialId: String(saved.id) },
            })
          }
        />
      )}
    </Screen>
  );
}
