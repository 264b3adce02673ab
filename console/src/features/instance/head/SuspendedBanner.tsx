import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import type { Instance } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Banner } from "@/parts/Banner";
import { loginSuspendedQuery } from "../queries";
import { useInstanceTexts } from "../texts";

/** Unattended checks do not log in here any more: what that means, and the ways out of it. */
export function SuspendedBanner({
  instance,
  isChecking,
  onTry,
}: {
  instance: Instance;
  isChecking: boolean;
  onTry: () => void;
}) {
  const t = useInstanceTexts();
  const { id, credential, deleted_at } = instance;
  const suspended = useQuery({
    ...loginSuspendedQuery(id),
    enabled: credential !== null && deleted_at === null,
  });
  if (suspended.data !== true || !credential) return null;
  return (
    <Banner
      sign={KeyRound}
      title={t("suspended")}
      actions={
        <>
          <ActionButton needs="check" loading={isChecking} onClick={onTry}>
            {t("suspendedTry")}
          </ActionButton>
          <Link to="/credentials/$credentialId" params={{ credentialId: String(credential.id) }}>
            {t("suspendedCredential", { name: credential.name })}
          </Link>
        </>
      }
    >
      <p>{t("suspendedHint")}</p>
    </Banner>
  );
}
