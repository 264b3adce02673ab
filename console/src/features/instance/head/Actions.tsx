import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { MoreHorizontal, Pencil, Play } from "lucide-react";
import { useRef, useState } from "react";
import { download } from "@/api/client";
import type { Instance } from "@/api/types";
import { DeleteDialog } from "@/features/instances-actions/DeleteDialog";
import { useKey } from "@/keys/keys";
import { ActionButton } from "@/parts/ActionButton";
import { usePartTexts } from "@/parts/texts";
import { useCan } from "@/session/me";
import { useMayCheck } from "../check/useMayCheck";
import { useInstanceTexts } from "../texts";
import { useIsMuted } from "./Lead";
import { MuteDialog } from "./MuteDialog";
import { useMute } from "./useMute";

const FORMATS = ["yaml", "json", "csv", "xlsx"] as const;

/** Check, edit, and all the rest behind three dots. */
export function Actions({
  instance,
  isChecking,
  onCheck,
}: {
  instance: Instance;
  isChecking: boolean;
  onCheck: () => void;
}) {
  const t = useInstanceTexts();
  const parts = usePartTexts();
  const can = useCan();
  const navigate = useNavigate();
  const { message, notification } = App.useApp();
  const [dialog, setDialog] = useState<"delete" | "mute" | null>(null);
  const more = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setDialog(null);
    // The item of the menu that opened the dialog is gone: the menu's button takes the focus back.
    requestAnimationFrame(() => more.current?.focus());
  };
  const unmute = useMute(instance, close);
  const inBin = instance.deleted_at !== null;
  const isMuted = useIsMuted(instance);
  const mayCheck = useMayCheck(instance) && !isChecking;
  const edit = (): void =>
    void navigate({ to: "/instances/$instanceId/edit", params: { instanceId: String(instance.id) } });

  const showChanges = (): void =>
    void navigate({
      to: "/instances/$instanceId",
      params: { instanceId: String(instance.id) },
      search: { tab: "changes" },
    });

  useKey("r", t("check"), onCheck, { enabled: mayCheck, isAction: true });
  useKey("enter", t("check"), onCheck, { enabled: mayCheck });
  useKey("e", t("edit"), edit, { enabled: can("update") && !inBin, isAction: true });
  useKey("h", t("tabChanges"), showChanges, { isAction: true });

  const save = (format: string): void => {
    const query = new URLSearchParams({ id: String(instance.id), format });
    if (inBin) query.set("include_deleted", "true");
    download(`/instances/export?${query}`).catch((error: unknown) =>
      notification.error({ title: error instanceof Error ? error.message : String(error) }),
    );
  };
  const copyLink = (): void =>
    void navigator.clipboard
      .writeText(`${window.location.origin}/instances/${instance.id}`)
      .then(() => message.success(t("linkCopied")));

  const items: MenuProps["items"] = [
    ...(can("update") && !inBin
      ? [
          { key: "mute", label: t("mute"), onClick: () => setDialog("mute") },
          ...(isMuted ? [{ key: "unmute", label: t("unmute"), onClick: () => unmute.mutate(null) }] : []),
        ]
      : []),
    ...(can("create")
      ? [
          {
            key: "duplicate",
            label: t("duplicate"),
            onClick: () => void navigate({ to: "/instances/new", search: { from: String(instance.id) } }),
          },
        ]
      : []),
    { key: "link", label: t("copyLink"), onClick: copyLink },
    {
      key: "export",
      label: t("export"),
      children: FORMATS.map((format) => ({
        key: format,
        label: t("exportAs", { format: format.toUpperCase() }),
        onClick: () => save(format),
      })),
    },
    ...(can("delete") && !inBin
      ? [
          { type: "divider" as const },
          { key: "delete", danger: true, label: t("delete"), onClick: () => setDialog("delete") },
        ]
      : []),
  ];
  return (
    <>
      {!inBin && (
        <>
          <ActionButton
            needs="check"
            type="primary"
            icon={<Play size={14} aria-hidden="true" />}
            loading={isChecking}
            onClick={onCheck}
          >
            {isChecking ? t("checkRunning") : t("check")} <kbd className="head-key">⏎</kbd>
          </ActionButton>
          <ActionButton needs="update" icon={<Pencil size={14} aria-hidden="true" />} onClick={edit}>
            {t("edit")} <kbd className="head-key">e</kbd>
          </ActionButton>
        </>
      )}
      <Dropdown
        trigger={["click"]}
        menu={{ items }}
        placement="bottomRight"
        autoFocus
        getPopupContainer={(button) => button.parentElement ?? document.body}
      >
        <Button
          ref={more}
          icon={<MoreHorizontal size={16} aria-hidden="true" />}
          aria-label={parts("more")}
          title={parts("more")}
        />
      </Dropdown>
      {dialog === "delete" && <DeleteDialog instance={instance} onClose={close} />}
      {dialog === "mute" && <MuteDialog instance={instance} onClose={close} />}
    </>
  );
}
