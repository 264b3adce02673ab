import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";
import { App, Button } from "antd";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { api } from "@/api/client";
import type { User } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { OffButton } from "@/parts/OffButton";
import { Screen } from "@/parts/Screen";
import { SearchedList, useSearched } from "@/parts/SearchedList";
import { StatusMark } from "@/parts/StatusMark";
import { useCan, useMe } from "@/session/me";
import { useRoleWord } from "@/session/roles";
import { lastAdminQuery, usersQuery } from "./queries";
import { useUserTexts } from "./texts";
import { CreateUserDialog, DisableDialog, PasswordDialog, RoleDialog } from "./UserDialogs";
import "./UsersScreen.css";

type Doing = "role" | "password" | "disable";

function UserActs({ of, own, onDo }: { of: User; own: boolean; onDo: (doing: Doing, of: User) => void }) {
  const t = useUserTexts();
  const isLastAdmin = useQuery(lastAdminQuery).data === of.id;
  const { message } = App.useApp();
  const queries = useQueryClient();
  const enable = useMutation({
    mutationFn: () => api.POST("/users/{user_id}/enable", { params: { path: { user_id: of.id } }, body: {} }),
    onSuccess: () => void message.success(t("enabled", { name: of.username })),
    onError: (error) => void message.error(error.message),
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  return (
    <span className="users-acts">
      {own ? (
        <Link to="/profile">{t("ownPassword")}</Link>
      ) : (
        <Button size="small" onClick={() => onDo("password", of)}>
          {t("setPassword")}
        </Button>
      )}
      {isLastAdmin ? (
        <OffButton size="small" why={t("lastAdmin")}>
          {t("changeRole")}
        </OffButton>
      ) : (
        <Button size="small" onClick={() => onDo("role", of)}>
          {t("changeRole")}
        </Button>
      )}
      {isLastAdmin ? (
        <OffButton size="small" why={t("lastAdmin")}>
          {t("disable")}
        </OffButton>
      ) : of.is_active ? (
        <Button size="small" onClick={() => onDo("disable", of)}>
          {t("disable")}
        </Button>
      ) : (
        <Button size="small" loading={enable.isPending} onClick={() => enable.mutate()}>
          {t("enable")}
        </Button>
      )}
    </span>
  );
}

function useColumns(onDo: (doing: Doing, of: User) => void): ColumnDef<User>[] {
  const t = useUserTexts();
  const me = useMe();
  const roleWord = useRoleWord();
  return useMemo(
    () => [
      {
        id: "username",
        header: t("username"),
        size: 130,
        cell: ({ row: { original } }) => (
          <>
            <span className="users-name">{original.username}</span>
            {original.id === me?.id && <span className="users-own">{t("you")}</span>}
          </>
        ),
      },
      { id: "role", header: t("role"), size: 95, cell: ({ row }) => roleWord(row.original.role) },
      {
        id: "state",
        header: t("state"),
        size: 95,
        cell: ({ row }) =>
          row.original.is_active ? (
            <StatusMark state="ok" label={t("active")} />
          ) : (
            <StatusMark state="skipped" label={t("disabled")} />
          ),
      },
      {
        id: "created",
        header: t("created"),
        size: 100,
        cell: ({ row }) => <Ago at={row.original.created_at} />,
      },
      {
        id: "updated",
        header: t("updated"),
        size: 100,
        cell: ({ row }) => <Ago at={row.original.updated_at} />,
      },
      {
        id: "acts",
        header: t("acts"),
        size: 260,
        meta: { number: true },
        cell: ({ row }) => <UserActs of={row.original} own={row.original.id === me?.id} onDo={onDo} />,
      },
    ],
    [t, me?.id, roleWord, onDo],
  );
}

function UserList() {
  const t = useUserTexts();
  const found = useSearched(usersQuery);
  const [doing, setDoing] = useState<{ what: Doing; of: User } | null>(null);
  const onDo = useMemo(() => (what: Doing, of: User) => setDoing({ what, of }), []);
  const columns = useColumns(onDo);
  const close = (): void => setDoing(null);
  return (
    <>
      <SearchedList
        of={found}
        caption={t("title")}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.username}
        loadingRows={6}
        noMatch={(search) => <Empty title={t("noMatch", { search })} />}
        // Whoever asks is a user.
        empty={null}
      />
      {doing?.what === "role" && <RoleDialog of={doing.of} onClose={close} />}
      {doing?.what === "password" && <PasswordDialog of={doing.of} onClose={close} />}
      {doing?.what === "disable" && <DisableDialog of={doing.of} onClose={close} />}
    </>
  );
}

/** Who may log in, and as what. */
export function UsersScreen() {
  const t = useUserTexts();
  const can = useCan();
  const [creating, setCreating] = useState(false);
  if (!can("users"))
    return (
      <Screen title={t("title")}>
        <Forbidden action="users" />
      </Screen>
    );
  return (
    <Screen
      title={t("title")}
      actions={
        <ActionButton
          needs="users"
          type="primary"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setCreating(true)}
        >
          {t("create")}
        </ActionButton>
      }
    >
      <UserList />
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </Screen>
  );
}
