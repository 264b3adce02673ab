import { Input } from "antd";
import { useId } from "react";
import type { Why } from "@/api/headers";
import { whyRules } from "@/api/rules.gen";
import { useFormTexts } from "./formTexts";
import { GrowingText } from "./GrowingText";
import "./WhyFields.css";

/** Why, and which ticket asked for it: both stand in the audit log. */
export function WhyFields({
  why,
  onChange,
  autoFocus,
}: {
  why: Why;
  onChange: (why: Why) => void;
  autoFocus?: boolean;
}) {
  const t = useFormTexts();
  const id = useId();
  return (
    <div className="why">
      <div className="why-fields">
        <div className="why-reason">
          <label htmlFor={`${id}-reason`}>{t("reason")}</label>
          <GrowingText
            id={`${id}-reason`}
            rows={1}
            autoFocus={autoFocus}
            value={why.reason}
            maxLength={whyRules.reason.maxLength}
            aria-describedby={`${id}-hint`}
            onChange={(event) => onChange({ ...why, reason: event.target.value })}
          />
        </div>
        <div className="why-ticket">
          <label htmlFor={`${id}-ticket`}>{t("ticket")}</label>
          <Input
            id={`${id}-ticket`}
            value={why.ticket}
            maxLength={whyRules.ticket.maxLength}
            placeholder="DBA-2041"
            autoComplete="off"
            aria-describedby={`${id}-hint`}
            onChange={(event) => onChange({ ...why, ticket: event.target.value })}
          />
        </div>
      </div>
      <p id={`${id}-hint`} className="why-hint">
        {t("whyHint")}
      </p>
    </div>
  );
}
