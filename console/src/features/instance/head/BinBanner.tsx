import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Instance } from "@/api/types";
import { PurgeDialog } from "@/features/instances-actions/PurgeDialog";
import { useRestoreInstance } from "@/features/instances-actions/useInstanceWrites";
import { WriteProblem } from "@/features/instances-actions/WriteProblem";
import { ActionButton } from "@/parts/ActionButton";
import { Ago } from "@/parts/Ago";
import { Banner } from "@/parts/Banner";
import { usePartTexts } from "@/parts/texts";
import { useInstanceTexts } from "../texts";

/** In the recycle bin: by whom, when and why, and the two ways out. */
export function BinBanner({ instance }: { instance: Instance }) {
  const t = useInstanceTexts();
  const parts = usePartTexts();
  const navigate = useNavigate();
  const [purging, setPurging] = useState(false);
  const restore = useRestoreInstance({ tells: false });
  const actions = (
    <>
      <ActionButton
        needs="update"
        type="primary"
        loading={restore.isPending}
        onClick={() => restore.mutate(instance)}
      >
        {t("restore")}
      </ActionButton>
      <ActionButton needs="purge" danger onClick={() => setPurging(true)}>
        {t("purge")}
      </ActionButton>
    </>
  );
  return (
    <>
      <Banner sign={Trash2} title={t("inBin")} actions={actions}>
        <p>
          {t("inBinBy", { who: instance.deleted_by?.username ?? parts("unknown") })}{" "}
          <Ago at={instance.deleted_at} />
          {" · "}
          {instance.delete_reason ? t("inBinWhy", { reason: instance.delete_reason }) : t("inBinNoWhy")}
        </p>
        <WriteProblem error={restore.error} instanceId={instance.id} />
      </Banner>
      {purging && (
        <PurgeDialog
          instance={instance}
          onClose={() => setPurging(false)}
          onDone={() => navigate({ to: "/recycle-bin" })}
        />
      )}
    </>
  );
}
