import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { api } from "@/api/client";
import { etag, whyHeaders } from "@/api/headers";
import { type ApiError, isApiError } from "@/api/errors";
import type { Credential } from "@/api/types";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { useCredentialTexts } from "./texts";
import { type InstanceUse, UsersOf } from "./UsersOf";

const isUsed = (error: unknown): error is ApiError =>
  isApiError(error) && error.reason === "credential.in_use";

/** The most instances that a dialog names. */
const NAMED = 12;

/** Removes a credential; where instances use it, says which. */
export function DeleteDialog({
  of,
  onDeleted,
  onClose,
}: {
  of: Credential;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const t = useCredentialTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const inUse = (error: unknown) => {
    if (isApiError(error, "PRECONDITION_FAILED")) return <p>{t("changedMeanwhile")}</p>;
    if (!isUsed(error)) return null;
    const uses = (error.extra["instances"] ?? []) as InstanceUse[];
    const total = Number(error.extra["used_by_count"] ?? uses.length);
    return <UsersOf uses={uses.slice(0, NAMED)} total={total} />;
  };
  return (
    <ConfirmDialog
      title={t("deleteTitle", { name: of.name })}
      okText={(refusal) => (isUsed(refusal) ? null : t("delete"))}
      danger
      asksWhy
      send={async (_, why) => {
        const header = { ...whyHeaders(why), "If-Match": etag(of.version) };
        const params = { path: { credential_id: of.id }, header };
        try {
          await api.DELETE("/credentials/{credential_id}", { params, body: {} });
        } catch (error) {
          await queries.invalidateQueries({ queryKey: ["credential", of.id] });
          throw error;
        }
      }}
      onClose={onClose}
      onDone={() => {
        void message.success(t("deleted", { name: of.name }));
        onDeleted();
        queries.removeQueries({ queryKey: ["credential", of.id] });
        void queries.invalidateQueries({ queryKey: ["credentials"] });
      }}
      problem={inUse}
      hasWayOut={isUsed}
    >
      {(error) =>
        of.usage_count === 0 ? (
          <p>{t("deleteHint")}</p>
        ) : (
          // The refusal names them itself.
          error === null && (
            <>
              <p>{t("deleteInUse", { count: of.usage_count })}</p>
              <UsersOf uses={of.used_by.slice(0, NAMED)} total={of.usage_count} />
            </>
          )
        )
      }
    </ConfirmDialog>
  );
}
