import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { isApiError } from "@/api/errors";
import { Problem } from "@/parts/Problem";
import { WhyFields } from "@/parts/WhyFields";
import { sendFile } from "./calls";
import { useImportTexts } from "./texts";
import type { Import } from "./types";
import { type Options, refusedRows, setWizard, START, useWizard, wizardNow } from "./wizard";

/** The import itself: all or none, or by choice the sound rows alone, with a reason and a ticket. */
export function ApplyPanel({ report }: { report: Import }) {
  const t = useImportTexts();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { options } = useWizard();
  const set = (change: Partial<Options>): void =>
    setWizard((before) => ({ ...before, options: { ...before.options, ...change } }));
  const apply = useMutation({
    mutationFn: () => sendFile(wizardNow(), { dryRun: false }),
    onSuccess: (made) => {
      for (const key of ["imports", "instances", "tags", "environments", "clusters"])
        void queries.invalidateQueries({ queryKey: [key] });
      if (made.id === null) return setWizard((before) => ({ ...before, report: made }));
      setWizard(() => ({ ...START, made }));
      void navigate({ to: "/import", search: { import: String(made.id) } });
    },
    onError: (error) => {
      // Since the preview somebody wrote something: these are the rows as they are now.
      const rows = isApiError(error) ? refusedRows(error) : null;
      if (rows) setWizard((before) => ({ ...before, report: rows }));
    },
  });
  const { insert, update, error } = report.summary;
  const writes = insert + update;
  const isBlocked = error > 0 && !options.partial;
  return (
    <section className="import-apply" aria-label={t("apply")}>
      {apply.error && (
        <Problem error={isApiError(apply.error) && refusedRows(apply.error) ? t("refused") : apply.error} />
      )}
      {writes === 0 && error === 0 && <p>{t("nothingToDo")}</p>}
      {writes === 0 && error > 0 && <p className="import-wrong">{t("nothingSound", { count: error })}</p>}
      {error > 0 && writes > 0 && (
        <>
          {isBlocked && <p className="import-wrong">{t("applyBlocked", { count: error })}</p>}
          <Checkbox checked={options.partial} onChange={(event) => set({ partial: event.target.checked })}>
            {t("applyPartial")}
          </Checkbox>
        </>
      )}
      {writes > 0 && (
        <div className="import-apply-line">
          <WhyFields why={options} onChange={({ reason, ticket }) => set({ reason, ticket })} />
          <Button
            type="primary"
            disabled={isBlocked}
            loading={apply.isPending}
            onClick={() => apply.mutate()}
          >
            {t("applyCount", { count: writes })}
          </Button>
        </div>
      )}
    </section>
  );
}
