import { Button, Modal } from "antd";
import { Copyable } from "@/parts/Copyable";
import type { NewToken } from "./CreateTokenDialog";
import { useTokenTexts } from "./texts";

/** A new token, this once; it goes away only by the button that says so. */
export function SecretDialog({ token, onClose }: { token: NewToken; onClose: () => void }) {
  const t = useTokenTexts();
  return (
    <Modal
      open
      title={t("secretTitle", { name: token.name })}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {t("secretDone")}
        </Button>
      }
      width={600}
    >
      <div className="stack-small">
        <p className="tokens-once">{t("secretOnce")}</p>
        <div className="tokens-secret">
          <Copyable value={token.secret} of={t("secretLabel")} />
        </div>
        <p className="soft">{t("secretUse")}</p>
        <div className="tokens-secret">
          <Copyable value={`Authorization: Bearer ${token.secret}`} of="Authorization" />
        </div>
      </div>
    </Modal>
  );
}
