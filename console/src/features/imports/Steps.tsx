import { useImportTexts } from "./texts";
import { isReachable, setWizard, type Step, STEPS, useWizard } from "./wizard";

const NAMES = {
  file: "stepFile",
  columns: "stepColumns",
  preview: "stepPreview",
  sample: "stepSample",
} as const;

/** Where the import stands, and the way back to what was done. */
export function Steps() {
  const t = useImportTexts();
  const wizard = useWizard();
  const go = (step: Step): void => setWizard((before) => ({ ...before, step }));
  return (
    <nav aria-label={t("steps")}>
      <ol className="import-steps">
        {STEPS.map((step, index) => (
          <li key={step}>
            <button
              type="button"
              className="import-step"
              aria-current={wizard.step === step ? "step" : undefined}
              disabled={!isReachable(wizard, step)}
              onClick={() => go(step)}
            >
              <span className="import-step-number" aria-hidden="true">
                {index + 1}
              </span>
              {t(NAMES[step])}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
