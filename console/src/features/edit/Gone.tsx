import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { Trash2 } from "lucide-react";
import { api, ask } from "@/api/client";
import type { Instance } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Problem } from "@/parts/Problem";
import "./Notices.css";
import { readInstance } from "./writes";
import { useWriteTexts } from "./writeTexts";

/** The instance is in the recycle bin: says so, and takes it out again. */
export function InBin({
  id,
  hint,
  onRestored,
}: {
  id: number;
  hint: string;
  onRestored: (instance: Instance) => void;
}) {
  const t = useWriteTexts();
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: async () => {
      const params = { path: { instance_id: id } };
      await ask(api.POST("/instances/{instance_id}/restore", { params, body: {} }));
      return readInstance(id);
    },
    onSuccess: (instance) => {
      void queries.invalidateQueries({ queryKey: ["instances"] });
      void queries.invalidateQueries({ queryKey: ["instance", id] });
      onRestored(instance);
    },
  });
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
          <ActionButton needs="update" loading={restore.isPending} onClick={() => restore.mutate()}>
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
