import { Modal } from "antd";
import { useEffect, useState } from "react";
import { useKey, useShortcuts } from "./keys";
import { onShowSheet } from "./sheet";
import "./ShortcutSheet.css";
import { useKeyTexts } from "./texts";

const NAMES: Record<string, string> = {
  mod: /mac/i.test(navigator.platform) ? "⌘" : "Ctrl",
  enter: "⏎",
  escape: "Esc",
};

function Keys({ keys }: { keys: string }) {
  const t = useKeyTexts();
  return (
    <span className="line-up">
      {keys.split(">").map((one, index) => (
        <span key={one} className="line-up">
          {index > 0 && <span className="faint small">{t("then")}</span>}
          <kbd>
            {one
              .split("+")
              .map((key) => NAMES[key] ?? (key.length > 1 ? key : key.toLowerCase()))
              .join(" ")}
          </kbd>
        </span>
      ))}
    </span>
  );
}

/** The keys that count here, behind `?`. */
export function ShortcutSheet() {
  const t = useKeyTexts();
  const shortcuts = useShortcuts();
  const [open, setOpen] = useState(false);
  useKey("?", t("help"), () => setOpen(true));
  useEffect(() => onShowSheet(() => setOpen(true)), []);
  const once = shortcuts.filter((one, at) => shortcuts.findIndex((other) => other.keys === one.keys) === at);
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      footer={null}
      title={t("title")}
      width={480}
      destroyOnHidden
    >
      <dl className="shortcut-sheet">
        {once.map((one) => (
          <div key={one.keys}>
            <dt>{one.label}</dt>
            <dd>
              <Keys keys={one.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
