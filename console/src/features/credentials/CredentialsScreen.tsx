import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ActionButton } from "@/parts/ActionButton";
import { Empty } from "@/parts/Empty";
import { Screen } from "@/parts/Screen";
import { SearchedList, useSearched } from "@/parts/SearchedList";
import { CredentialForm } from "./CredentialForm";
import "./CredentialsScreen.css";
import { useCredentialColumns } from "./columns";
import { credentialsQuery } from "./queries";
import { useCredentialTexts } from "./texts";

/** All credentials: where each may be sent, and who uses it. */
export function CredentialsScreen() {
  const t = useCredentialTexts();
  const navigate = useNavigate();
  const found = useSearched(credentialsQuery);
  const [creating, setCreating] = useState(false);
  const columns = useCredentialColumns();
  const create = (
    <ActionButton
      needs="credentials"
      type="primary"
      icon={<Plus size={14} aria-hidden="true" />}
      onClick={() => setCreating(true)}
    >
      {t("create")}
    </ActionButton>
  );
  return (
    <Screen title={t("title")} actions={create}>
      <SearchedList
        of={found}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        loadingRows={8}
        keys
        noMatch={(search) => <Empty title={t("noMatch", { search })} />}
        empty={
          <Empty title={t("empty")} hint={t("emptyHint")}>
            {create}
          </Empty>
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
