import { inARow } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Modal } from "antd";
import { useState } from "react";
import { isApiError } from "@/api/errors";
import { NO_WHY } from "@/api/headers";
import { ActionButton } from "@/parts/ActionButton";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { WhyFields } from "@/parts/WhyFields";
import { rehearseUndo, undoImport } from "./calls";
import { useImportTexts } from "./texts";
import type { Import } from "./types";

interface Named {
  id: number;
  name: string;
}

/** Undo, after the server has said what that does; where instances changed since, only on a second word. */
export function UndoButton({ report }: { report: Import }) {
  const t = useImportTexts();
  const shown = useLanguage();
  const part = usePartTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const id = report.id ?? 0;
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState(NO_WHY);
  const [force, setForce] = useState(false);
  const effect = useQuery({
    queryKey: ["undo of import", id, force],
    queryFn: () => rehearseUndo(id, force),
    enabled: open,
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const undo = useMutation({
    mutationFn: () => undoImport(id, force, why),
    onSuccess: () => {
      void message.success(t("undoDone", { id }));
      setOpen(false);
      for (const key of ["imports", "instances", "tags", "environments", "clusters"])
        void queries.invalidateQueries({ queryKey: [key] });
    },
  });
  const error = undo.error ?? effect.error;
  const changed = isApiError(error) && error.reason === "import.changed_since" ? error : null;
  const instances = Array.isArray(changed?.extra["instances"]) ? (changed.extra["instances"] as Named[]) : [];
  const close = (): void => {
    setOpen(false);
    setForce(false);
    undo.reset();
  };
  return (
    <>
      <ActionButton needs="update" danger onClick={() => setOpen(true)}>
        {t("undo")}
      </ActionButton>
      <Modal
        open={open}
        title={t("undoTitle", { id })}
        onCancel={close}
        cancelText={part("cancel")}
        okText={changed ? t("undoForce") : t("undo")}
        okButtonProps={{
          danger: true,
          loading: undo.isPending || effect.isFetching,
          disabled: error !== null && changed === null,
        }}
        onOk={() => {
          if (changed === null) return undo.mutate();
          undo.reset();
          setForce(true);
        }}
      >
        <div className="stack-small">
          {effect.isFetching && <p className="soft">{t("undoLoading")}</p>}
          {effect.data && !error && (
            <p>
              {inARow(
                [
                  t("undoWill", { deleted: effect.data.undo.deleted, updated: effect.data.undo.updated }),
                  force ? t("undoForceHint") : null,
                ],
                shown,
              )}
            </p>
          )}
          {error && (
            <Problem error={error} hasOwnWay={changed !== null}>
              {instances.length > 0 && (
                <ul className="import-instances">
                  {instances.map((one) => (
                    <li key={one.id}>
                      <Link to="/instances/$instanceId" params={{ instanceId: String(one.id) }}>
                        {one.name}
                      </Link>
                    </li>
                  ))}
                </ul>
              )}
              {changed && <p>{t("undoForceHint")}</p>}
            </Problem>
          )}
          <WhyFields why={why} onChange={setWhy} />
        </div>
      </Modal>
    </>
  );
}
