import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { FileDown, FileUp, Plus, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { download } from "@/api/client";
import { useLanguage } from "@/i18n/texts";
import { ActionButton } from "@/parts/ActionButton";
import { Command } from "@/parts/Command";
import { useOverviewTexts } from "./texts";
import "./WayIn.css";

const TEMPLATES = [
  ["xlsx", "Excel"],
  ["csv", "CSV"],
  ["yaml", "YAML"],
] as const;

function Way({
  icon,
  title,
  hint,
  children,
}: {
  icon: ReactNode;
  title: string;
  hint: string;
  children: ReactNode;
}) {
  return (
    <li className="way">
      <span className="way-icon soft">{icon}</span>
      <div className="way-says">
        <h3>{title}</h3>
        <p className="soft">{hint}</p>
      </div>
      <div className="way-do">{children}</div>
    </li>
  );
}

/** An empty register is the way in: one instance, a spreadsheet, a template, the command line. */
export function WayIn() {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const command = `muster apply inventory --url ${window.location.origin}`;
  const take = (format: string): void => {
    download(`/instances/import/template?format=${format}&language=${shown}`).catch((error: unknown) => {
      void message.error(error instanceof Error ? error.message : String(error));
    });
  };
  return (
    <section className="way-in" aria-labelledby="way-in">
      <h2 id="way-in">{t("emptyRegister")}</h2>
      <p className="way-lead soft">{t("emptyRegisterHint")}</p>
      <ul className="way-list">
        <Way icon={<Plus size={18} aria-hidden="true" />} title={t("wayCreate")} hint={t("wayCreateHint")}>
          <ActionButton needs="create" type="primary" onClick={() => void navigate({ to: "/instances/new" })}>
            {t("wayCreateDo")}
          </ActionButton>
        </Way>
        <Way icon={<FileUp size={18} aria-hidden="true" />} title={t("wayImport")} hint={t("wayImportHint")}>
          <ActionButton needs="create" onClick={() => void navigate({ to: "/import" })}>
            {t("wayImportDo")}
          </ActionButton>
        </Way>
        <Way
          icon={<FileDown size={18} aria-hidden="true" />}
          title={t("wayTemplate")}
          hint={t("wayTemplateHint")}
        >
          {TEMPLATES.map(([format, name]) => (
            <Button key={format} onClick={() => take(format)}>
              {name}
            </Button>
          ))}
        </Way>
        <Way
          icon={<SquareTerminal size={18} aria-hidden="true" />}
          title={t("wayCli")}
          hint={t("wayCliHint")}
        >
          <Command line={command} of={t("command")} />
        </Way>
      </ul>
    </section>
  );
}
