import { Button } from "antd";
import { useEditTexts } from "./texts";
import "./SaveBar.css";

/** What is not saved yet, and the ways on; always in sight. */
export function SaveBar({
  isNew,
  isOff,
  changes,
  faults,
  saving,
  onPreview,
  onCancel,
}: {
  isNew: boolean;
  /** Nothing to save. */
  isOff: boolean;
  changes: number;
  /** How many fields are known to be wrong. */
  faults: number;
  saving: { isSaving: boolean; isPreviewing: boolean };
  onPreview: () => void;
  onCancel: () => void;
}) {
  const t = useEditTexts();
  const state =
    faults > 0
      ? t("faults", { count: faults })
      : changes > 0
        ? t("changes", { count: changes })
        : t("unchanged");
  return (
    <div className="save-bar">
      <p className={faults > 0 ? "save-state save-wrong" : "save-state"} role="status">
        {state}
      </p>
      <Button onClick={onCancel}>{t("cancel")}</Button>
      <Button disabled={isOff} loading={saving.isPreviewing} onClick={onPreview}>
        {t("preview")}
      </Button>
      <Button type="primary" htmlType="submit" disabled={isOff} loading={saving.isSaving}>
        {t(isNew ? "create" : "save")}
      </Button>
    </div>
  );
}
