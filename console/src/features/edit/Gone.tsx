import { Button } from "antd";
import { Trash2 } from "lucide-react";
import type { Instance } from "@/api/types";
import { useRestoreInstance } from "@/features/instances-actions/useInstanceWrites";
import { ActionButton } from "@/parts/ActionButton";
import { Problem } from "@/parts/Problem";
import "@/parts/Notices.css";
import { useWriteTexts } from "./writeTexts";

/** The instance is in the recycle bin: says so, and takes it out again. */
export function InBin({
  id,
  name,
  hint,
  onRestored,
}: {
  id: number;
  name: string;
  hint: string;
  onRestored: (instance: Instance) => void;
}) {
  const t = useWriteTexts();
  const restore = useRestoreInstance({ tells: false });
  return (
    <div className="notice" role="alert">
      <Trash2 size={16} aria-hidden="true" className="notice-mark" />
      <div className="stack-small">
        <p>
          <strong>{t("inBin")}</strong>
        </p>
        <p>{hint}</p>
        {restore.error && <Problem error={restore.error} />}
        <div>
          <ActionButton
            needs="update"
            loading={restore.isPending}
            onClick={() => restore.mutate({ id, name }, { onSuccess: onRestored })}
          >
            {t("restore")}
          </ActionButton>
        </div>
      </div>
    </div>
  );
}

/** The instance exists no more; what was typed can become a new one. */
export function Purged({ onCreate }: { onCreate: () => void }) {
  const t = useWriteTexts();
  return (
    <div className="notice" role="alert">
      <Trash2 size={16} aria-hidden="true" className="notice-mark" />
      <div className="stack-small">
        <p>
          <strong>{t("gone")}</strong>
        </p>
        <p>{t("goneHint")}</p>
        <div>
          <Button onClick={onCreate}>{t("createAgain")}</Button>
        </div>
      </div>
    </div>
  );
}
