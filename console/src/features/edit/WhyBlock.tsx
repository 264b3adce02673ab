import { Input } from "antd";
import { useId } from "react";
import { Block } from "@/parts/Screen";
import { useEditTexts } from "./texts";
import type { Why } from "./writes";

/** Why, and which ticket asked for it: both stand in the audit log. */
export function WhyBlock({ why, onChange }: { why: Why; onChange: (why: Why) => void }) {
  const t = useEditTexts();
  const id = useId();
  return (
    <Block title={t("why")}>
      <div className="stack">
        <div className="edit-field">
          <label className="edit-label" htmlFor={`${id}-reason`}>
            {t("reason")}
          </label>
          <Input
            id={`${id}-reason`}
            value={why.reason}
            maxLength={500}
            placeholder={t("reasonHint")}
            onChange={(event) => onChange({ ...why, reason: event.target.value })}
          />
        </div>
        <div className="edit-field">
          <label className="edit-label" htmlFor={`${id}-ticket`}>
            {t("ticket")}
          </label>
          <Input
            id={`${id}-ticket`}
            value={why.ticket}
            maxLength={100}
            placeholder="DBA-2041"
            autoComplete="off"
            onChange={(event) => onChange({ ...why, ticket: event.target.value })}
          />
        </div>
      </div>
    </Block>
  );
}
