import { Button, Modal } from "antd";
import { useFieldLabel } from "@/words/useFieldLabel";
import { CompareTable } from "./CompareTable";
import { Notices } from "@/parts/Notices";
import "./Preview.css";
import { useShown } from "./useShown";
import type { Would, Written } from "./writes";
import { useWriteTexts } from "./writeTexts";
import { Nothing } from "@/parts/Nothing";

function Changes({ would }: { would: Would }) {
  const t = useWriteTexts();
  const name = useFieldLabel();
  const shown = useShown();
  const rows = would.changes
    .map(({ field, before, after, secret }) => ({
      field,
      before: shown(field, before),
      after: secret ? t("secretChanges") : shown(field, after),
    }))
    .filter((one) => one.before !== "" || one.after !== "");
  const hasBefore = rows.some((one) => one.before !== "");
  return (
    <CompareTable
      label={t("previewTitle")}
      className="preview"
      heads={[t("field"), ...(hasBefore ? [t("before")] : []), t("after")]}
    >
      {rows.map((one) => (
        <tr key={one.field}>
          <th scope="row">{name(one.field)}</th>
          {hasBefore && <td className="preview-before">{one.before || <Nothing />}</td>}
          <td className="preview-after">{one.after || <Nothing />}</td>
        </tr>
      ))}
    </CompareTable>
  );
}

/** What the server says it would write: every field before and after, and what it warns about. */
export function Preview({
  written,
  isNew,
  saving,
  onSave,
  onClose,
}: {
  written: Written;
  isNew: boolean;
  saving: boolean;
  onSave: () => void;
  onClose: () => void;
}) {
  const t = useWriteTexts();
  const [own, ...others] = written.would;
  return (
    <Modal
      open
      title={t("previewTitle")}
      width={760}
      onCancel={onClose}
      footer={[
        <Button key="back" onClick={onClose}>
          {t("back")}
        </Button>,
        <Button key="save" type="primary" loading={saving} disabled={own === undefined} onClick={onSave}>
          {t(isNew ? "createNow" : "saveNow")}
        </Button>,
      ]}
    >
      <div className="stack">
        <Notices notices={written.warnings} />
        {own ? <Changes would={own} /> : <p>{t("previewNone")}</p>}
        {others.map((one) => (
          <div key={`${one.action} ${one.entity_id ?? ""}`} className="stack-small">
            <h3>{t("previewAlso", { action: one.action, name: one.entity_name ?? "" })}</h3>
            <Changes would={one} />
          </div>
        ))}
        <p className="soft small">{t("previewSound")}</p>
      </div>
    </Modal>
  );
}
