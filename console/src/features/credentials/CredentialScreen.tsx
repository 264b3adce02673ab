import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { isApiError } from "@/api/errors";
import type { Credential } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { Empty } from "@/parts/Empty";
import { Nothing } from "@/parts/Nothing";
import { Problem } from "@/parts/Problem";
import { Block, Screen } from "@/parts/Screen";
import { BindingsBlock } from "./BindingsBlock";
import { CredentialForm } from "./CredentialForm";
import "./CredentialScreen.css";
import { PasswordMark } from "./columns";
import { DeleteDialog } from "./DeleteDialog";
import { credentialQuery } from "./queries";
import { RotateDialog } from "./RotateDialog";
import { useCredentialTexts } from "./texts";
import { UsersOf } from "./UsersOf";

function UsedByBlock({ of }: { of: Credential }) {
  const t = useCredentialTexts();
  return (
    <Block
      title={t("usedBy")}
      extra={
        of.usage_count > 0 && (
          <Link to="/instances" search={{ credential: of.name }}>
            {t("showAll", { count: of.usage_count })}
          </Link>
        )
      }
    >
      {of.usage_count === 0 ? (
        <div className="stack-small">
          <p>{t("unused")}</p>
          <p className="soft">{t("unusedHint")}</p>
        </div>
      ) : (
        <UsersOf uses={of.used_by} total={of.usage_count} />
      )}
    </Block>
  );
}

function DetailsBlock({ of }: { of: Credential }) {
  const t = useCredentialTexts();
  return (
    <Block title={t("details")}>
      <dl className="credential-facts">
        <dt className="soft">{t("username")}</dt>
        <dd>
          <Copyable value={of.username} of={t("username")} />
        </dd>
        <dt className="soft">{t("password")}</dt>
        <dd>
          <PasswordMark set={of.password_set} />
        </dd>
        <dt className="soft">{t("description")}</dt>
        <dd>{of.description ?? <Nothing />}</dd>
        <dt className="soft">{t("updated")}</dt>
        <dd>
          <Ago at={of.updated_at} />
        </dd>
        <dt className="soft">{t("created")}</dt>
        <dd>
          <Ago at={of.created_at} />
        </dd>
      </dl>
    </Block>
  );
}

type Open = "edit" | "rotate" | "delete" | null;

/** One credential: where it may be sent, and who uses it. */
export function CredentialScreen() {
  const t = useCredentialTexts();
  const navigate = useNavigate();
  const { credentialId } = useParams({ strict: false });
  const found = useQuery(credentialQuery(Number(credentialId)));
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const up = <Link to="/credentials">{t("title")}</Link>;
  if (isApiError(found.error) && found.error.status === 404)
    return (
      <Screen title={t("notFound")} before={up}>
        <Empty title={t("notFound")} hint={t("notFoundHint")}>
          <Link to="/credentials">{t("toList")}</Link>
        </Empty>
      </Screen>
    );
  if (found.error && !found.data)
    return (
      <Screen title={t("title")}>
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      </Screen>
    );
  const of = found.data;
  if (!of)
    return (
      <Screen title={t("title")} before={null}>
        <div className="block credential-skeleton" aria-busy="true">
          {Array.from({ length: 8 }, (_, at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      </Screen>
    );
  return (
    <Screen
      title={of.name}
      before={up}
      lead={<span className="mono">{of.username}</span>}
      actions={
        <>
          <ActionButton needs="credentials" onClick={() => setOpen("rotate")}>
            {t("rotate")}
          </ActionButton>
          <ActionButton needs="credentials" onClick={() => setOpen("edit")}>
            {t("edit")}
          </ActionButton>
          <ActionButton needs="credentials" danger onClick={() => setOpen("delete")}>
            {t("delete")}
          </ActionButton>
        </>
      }
    >
      <div className="credential-grid">
        <BindingsBlock of={of} />
        <div className="stack">
          <UsedByBlock of={of} />
          <DetailsBlock of={of} />
        </div>
      </div>
      {open === "edit" && <CredentialForm of={of} onClose={close} onSaved={close} />}
      {open === "rotate" && <RotateDialog of={of} onClose={close} />}
      {open === "delete" && (
        <DeleteDialog of={of} onClose={close} onDeleted={() => void navigate({ to: "/credentials" })} />
      )}
    </Screen>
  );
}
