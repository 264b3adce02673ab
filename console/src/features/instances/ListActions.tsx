import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Tooltip } from "antd";
import { Download, FileUp, Link2, Plus } from "lucide-react";
import { ActionButton } from "@/parts/ActionButton";
import { ColumnMenu } from "./columns/ColumnMenu";
import type { Columns } from "./columns/useColumns";
import { type Format, FORMATS } from "./exporting";
import { useListTexts } from "./texts";

/** What makes new instances. */
export function HeadActions() {
  const t = useListTexts();
  const navigate = useNavigate();
  return (
    <>
      <ActionButton
        needs="create"
        icon={<FileUp size={14} aria-hidden="true" />}
        onClick={() => void navigate({ to: "/import" })}
      >
        {t("import")}
      </ActionButton>
      <ActionButton
        needs="create"
        type="primary"
        icon={<Plus size={14} aria-hidden="true" />}
        onClick={() => void navigate({ to: "/instances/new" })}
      >
        {t("create")}
      </ActionButton>
    </>
  );
}

interface ListActionsProps {
  faulty: boolean;
  onExport: (format: Format) => void;
  columns: Columns;
}

/** What can be done with the list as it is shown. */
export function ListActions({ faulty, onExport, columns }: ListActionsProps) {
  const t = useListTexts();
  const { message } = App.useApp();
  const copyLink = (): void => {
    void navigator.clipboard.writeText(window.location.href).then(() => message.success(t("copied")));
  };
  return (
    <>
      <ColumnMenu state={columns.state} onChange={columns.change} onReset={columns.reset} />
      <Button
        icon={<Link2 size={14} aria-hidden="true" />}
        aria-label={t("copyLink")}
        title={t("copyLink")}
        onClick={copyLink}
      />
      <Tooltip title={faulty ? t("exportFaulty") : undefined}>
        <Dropdown
          trigger={["click"]}
          disabled={faulty}
          menu={{
            items: FORMATS.map((format) => ({ key: format, label: format.toUpperCase() })),
            onClick: ({ key }) => onExport(key as Format),
          }}
        >
          <Button icon={<Download size={14} aria-hidden="true" />}>{t("export")}</Button>
        </Dropdown>
      </Tooltip>
    </>
  );
}
