import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App } from "antd";
import { type ApiError, isApiError } from "@/api/errors";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { count } from "@/parts/format";
import type { Label } from "./LabelScreen";
import type { LabelApi } from "./labelApi";
import { UsageLink } from "./UsageLink";
import { useLabelTexts } from "./texts";

interface Named {
  id: number;
  name: string;
}

/** The refusal of what is in use. */
const inUse = (error: Error | null): ApiError | null =>
  isApiError(error) && error.status === 409 ? error : null;

/** Who is in the way, as the server says, each with a link. */
function Users({ refusal }: { refusal: ApiError }) {
  const t = useLabelTexts();
  const users = Array.isArray(refusal.extra["instances"]) ? (refusal.extra["instances"] as Named[]) : [];
  if (users.length === 0) return null;
  return (
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
  label: T;
  canDetach: boolean;
  onClose: () => void;
}) {
  const t = useLabelTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const name = api.nameOf(label);
  const { usage_count: used } = label;
  return (
    <ConfirmDialog
      title={t("deleteTitle", { name })}
      okText={(error) => (inUse(error) === null ? t("remove") : canDetach ? t("detach") : null)}
      danger
      asksWhy
      send={async (error, why) => {
        // The one that is there now: a change of its colour is no reason not to delete it.
        const now = await api.read(label.id);
        return api.remove(now, { why, detach: canDetach && inUse(error) !== null });
      }}
      onDone={() => {
        void message.success(t("deleted", { name }));
        void queries.invalidateQueries({ queryKey: [api.key] });
        void queries.invalidateQueries({ queryKey: ["instances"] });
        onClose();
      }}
      hasWayOut={(error) => inUse(error) !== null}
      onClose={onClose}
      problem={(error) => {
        const refusal = inUse(error);
        return (
          refusal && (
            <>
              <Users refusal={refusal} />
              <p>
                <UsageLink api={api} label={label}>
                  {t("inUseMore")}
                </UsageLink>
              </p>
              {canDetach && <p>{t("detachHint", { count: Number(refusal.extra["count"] ?? 0) || used })}</p>}
            </>
          )
        );
      }}
    >
      {(error) => (
        <>
          {!inUse(error) && <p>{used === 0 ? t("deleteFree") : t("deleteUsed", { count: used })}</p>}
          {used > 0 && !error && (
            <p>
              <UsageLink api={api} label={label}>
                {`${t("inUseMore")} (${count(used)})`}
              </UsageLink>
            </p>
          )}
        </>
      )}
    </ConfirmDialog>
  );
}
