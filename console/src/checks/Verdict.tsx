import type { ReactNode } from "react";
import type { Check } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { Copyable } from "@/parts/Copyable";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { labelled } from "@/words/sentences";
import { useWithLabels } from "@/words/useWithLabels";
import { grantsOf, remedyOf } from "./ladder";
import { useCheckTexts } from "./texts";
import "./Verdict.css";

/** How a check ended, why, and how it is mended; nothing beyond what was heard. `children`: what can be done about it. */
export function Verdict({ check, children }: { check: Check; children?: ReactNode }) {
  const t = useCheckTexts();
  const shown = useLanguage();
  const withNames = useWithLabels();
  if (check.status === "running") {
    return (
      <div className="verdict" role="status">
        <p className="soft">{check.message}</p>
      </div>
    );
  }
  const grant = grantsOf(check);
  const remedy = remedyOf(check);
  return (
    <div className={`verdict verdict-${stateOf(check.outcome)}`} role="status">
      <div className="verdict-head">
        <StatusMark state={stateOf(check.outcome)} />
        {check.cause && <Copyable value={check.cause} of={t("causeOf")} />}
      </div>
      <p className="verdict-message">{check.message}</p>
      {remedy && (
        <p>
          <span className="soft">{labelled(t("remedy"), "", shown)}</span>
          {withNames(remedy)}
        </p>
      )}
      {grant && (
        <div className="verdict-grant">
          <Copyable value={grant} of={t("grantCopy")}>
            <span className="soft">{t("grant")}</span>
          </Copyable>
          <pre className="verdict-text" tabIndex={0} aria-label={t("grant")}>
            {grant}
          </pre>
        </div>
      )}
      {children}
    </div>
  );
}
