import { Button } from "antd";
import type { Who } from "@/changes/actor";
import { ByWhom } from "@/changes/ByWhom";
import { differences } from "./form";
import { useLabelTexts } from "./texts";
import { DASH } from "@/parts/format";

function said(value: unknown): string {
  if (value === null || value === undefined || value === "") return DASH;
  return String(value);
}

/** It was changed meanwhile: what is there now beside what was typed, and both ways out. */
export function Conflict<T extends object>({
  now,
  by,
  body,
  fieldName,
  onLoad,
  onKeep,
}: {
  now: T | "gone";
  /** Who changed it, where that is known. */
  by: Who | null;
  body: object;
  fieldName: (field: string) => string;
  onLoad: (now: T) => void;
  onKeep: (now: T) => void;
}) {
  const t = useLabelTexts();
  const differ = now === "gone" ? [] : differences(now, body);
  return (
    <div className="label-conflict" role="alert">
      <p className="label-conflict-title">{t("conflict")}</p>
      {now === "gone" ? (
        <p>{t("conflictGone")}</p>
      ) : (
        <>
          <ByWhom who={by} />
          <p>{differ.length === 0 ? t("conflictSame") : t("conflictHint")}</p>
          <dl className="label-differences">
            {differ.map((one) => (
              <div key={one.field}>
                <dt>{fieldName(one.field)}</dt>
                <dd>
                  <span className="soft">{t("theirs")}</span> {said(one.theirs)}
                </dd>
                <dd>
                  <span className="soft">{t("yours")}</span> {said(one.yours)}
                </dd>
              </div>
            ))}
          </dl>
          <div className="line-up">
            <Button size="small" onClick={() => onLoad(now)}>
              {t("loadTheirs")}
            </Button>
            <Button size="small" type="primary" onClick={() => onKeep(now)}>
              {t("keepMine")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
