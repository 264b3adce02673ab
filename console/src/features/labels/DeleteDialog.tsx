import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { isApiError } from "@/api/errors";
import { Problem } from "@/parts/Problem";
import { count } from "@/parts/format";
import { usePartTexts } from "@/parts/texts";
import type { Label } from "./LabelScreen";
import type { LabelApi } from "./labelApi";
import { UsageLink } from "./UsageLink";
import { useLabelTexts } from "./texts";

interface Named {
  id: number;
  name: string;
}

/** Who is in the way, as the server says, each with a link. */
function Refusal<T extends Label, B>({ error, api, label }: { error: Error; api: LabelApi<T, B>; label: T }) {
  const t = useLabelTexts();
  const refusal = isApiError(error) && error.status === 409 ? error : null;
  const users = Array.isArray(refusal?.extra["instances"]) ? (refusal.extra["instances"] as Named[]) : [];
  return (
    <Problem error={error}>
      {users.length > 0 && (
        <>
          <p>{t("inUseBy")}</p>
          <ul className="label-users">
            {users.map((user) => (
              <li key={user.id}>
                <Link to="/instances/$instanceId" params={{ instanceId: String(user.id) }}>
                  {user.name}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {refusal && (
        <p>
          <UsageLink api={api} label={label}>
            {t("inUseMore")}
          </UsageLink>
        </p>
      )}
    </Problem>
  );
}

/** Asks, says who uses the thing when the server refuses, and offers to take a tag off first. */
export function DeleteDialog<T extends Label, B>({
  api,
  label,
  canDetach,
  onClose,
}: {
  api: LabelApi<T, B>;
  label: T | null;
  canDetach: boolean;
  onClose: () => void;
}) {
  const t = useLabelTexts();
  const part = usePartTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  // What is shown while the dialog closes is what it was opened for.
  const [shown, setShown] = useState(label);
  if (label !== null && label !== shown) setShown(label);
  const remove = useMutation({
    mutationFn: async ({ of, detach }: { of: T; detach: boolean }) => {
      // The one that is there now: a change of its colour is no reason not to delete it.
      const now = await api.read(of.id);
      return api.remove(of.id, now.version, detach);
    },
    onSuccess: (_, { of, detach }) => {
      void message.success(t("deleted", { name: api.nameOf(of) }));
      void queries.invalidateQueries({ queryKey: [api.key] });
      if (detach) void queries.invalidateQueries({ queryKey: ["instances"] });
      close();
    },
  });
  const close = (): void => {
    remove.reset();
    onClose();
  };
  const refusal = isApiError(remove.error) && remove.error.status === 409 ? remove.error : null;
  const name = shown ? api.nameOf(shown) : "";
  const detachable = refusal !== null && canDetach;
  return (
    <Modal
      open={label !== null}
      title={t("deleteTitle", { name })}
      onCancel={close}
      footer={[
        <Button key="cancel" onClick={close}>
          {part("cancel")}
        </Button>,
        refusal === null || detachable ? (
          <Button
            key="delete"
            danger
            type="primary"
            loading={remove.isPending}
            onClick={() => shown && remove.mutate({ of: shown, detach: detachable })}
          >
            {detachable ? t("detach") : t("remove")}
          </Button>
        ) : null,
      ]}
    >
      {shown && (
        <div className="stack-small">
          {!refusal && (
            <p>{shown.usage_count === 0 ? t("deleteFree") : t("deleteUsed", { count: shown.usage_count })}</p>
          )}
          {remove.error && <Refusal error={remove.error} api={api} label={shown} />}
          {detachable && (
            <p className="soft">
              {t("detachHint", {
                count: Number(refusal.extra["count"] ?? 0) || shown.usage_count,
              })}
            </p>
          )}
          {shown.usage_count > 0 && !remove.error && (
            <p>
              <UsageLink api={api} label={shown}>
                {`${t("inUseMore")} (${count(shown.usage_count)})`}
              </UsageLink>
            </p>
          )}
        </div>
      )}
    </Modal>
  );
}
