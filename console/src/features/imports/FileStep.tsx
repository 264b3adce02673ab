import { App, Button, Dropdown } from "antd";
import { FileSpreadsheet, FileUp, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { download } from "@/api/client";
import { useLanguage } from "@/i18n/texts";
import { bytes } from "@/parts/format";
import { keptFile } from "./calls";
import { FileProblem } from "./FileProblem";
import { OptionFields } from "./OptionFields";
import { useImportTexts } from "./texts";
import type { Rehearsal } from "./useRehearsal";
import { setWizard, useWizard, withFile } from "./wizard";

const ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.yaml,.yml,.json";
const TEMPLATES = ["xlsx", "csv", "yaml"] as const;

function Template() {
  const t = useImportTexts();
  const language = useLanguage();
  const { message } = App.useApp();
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: TEMPLATES.map((format) => ({ key: format, label: format.toUpperCase() })),
        onClick: ({ key }) =>
          void download(`/instances/import/template?format=${key}&language=${language}`).catch(
            (error: Error) => message.error(error.message),
          ),
      }}
    >
      <Button icon={<FileSpreadsheet size={14} aria-hidden="true" />}>{t("template")}</Button>
    </Dropdown>
  );
}

/** Takes the file; it is looked at as soon as it is here, and stays here whatever happens. */
export function FileStep({ rehearsal }: { rehearsal: Rehearsal }) {
  const t = useImportTexts();
  const { message } = App.useApp();
  const { file } = useWizard();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  const take = async (files: readonly File[]): Promise<void> => {
    const first = files[0];
    if (first === undefined) return void message.warning(t("fileEmptyDrop"));
    try {
      const kept = await keptFile(first);
      if (files.length > 1) void message.info(t("manyFiles", { name: first.name }));
      setWizard((before) => withFile(before, kept));
      rehearsal.mutate();
    } catch {
      void message.error(t("unreadable"));
    }
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    <div className="stack">
      <div
        className={over ? "import-drop import-drop-over" : "import-drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <FileUp size={28} aria-hidden="true" />
        {file ? (
          <p className="import-file">
            <span className="mono">{file.name}</span> <span className="soft">{bytes(file.size)}</span>
            <Button
              type="text"
              size="small"
              icon={<X size={14} aria-hidden="true" />}
              aria-label={t("removeFile")}
              title={t("removeFile")}
              onClick={() => {
                setWizard((before) => withFile(before, null));
                rehearsal.reset();
              }}
            />
          </p>
        ) : (
          <p className="import-drop-title">{t("drop")}</p>
        )}
        <div className="line-up">
          {file && (
            <Button type="primary" loading={rehearsal.isPending} onClick={() => rehearsal.mutate()}>
              {t("checkFile")}
            </Button>
          )}
          <Button type={file ? "default" : "primary"} onClick={() => input.current?.click()}>
            {t(file ? "chooseOther" : "choose")}
          </Button>
          <Template />
        </div>
        <p className="soft small">{t("formats")}</p>
        <p className="soft small">{t("templateHint")}</p>
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t("choose")}
          accept={ACCEPTED}
          onChange={(event) => {
            void take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      <p role="status" className="visually-hidden">
        {rehearsal.isPending ? t("reading") : ""}
      </p>
      {rehearsal.error && (
        <FileProblem error={rehearsal.error} file={file} onRetry={() => rehearsal.mutate()} />
      )}
      <OptionFields />
    </div>
  );
}
