import { Button } from "antd";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { useWithLabels } from "@/words/useWithLabels";
import { Copyable } from "./Copyable";
import "./Problem.css";
import { usePartTexts } from "./texts";

/** What went wrong, what to do about it, and the number to quote; for a block, a form or a whole screen. */
export function Problem({
  error,
  onRetry,
  hasOwnWay = false,
  children,
}: {
  error: unknown;
  /** The screen itself offers what to do: the API's advice is for programs, and left out. */
  hasOwnWay?: boolean;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  const t = usePartTexts();
  const withNames = useWithLabels();
  const failure = error instanceof ApiError ? error : null;
  const unreachable = failure?.status === 0;
  const message = unreachable
    ? t("unreachable")
    : (failure?.envelope?.message ?? (failure ? t("unexpected", { status: failure.status }) : String(error)));
  const hints = unreachable
    ? [t("unreachableHint"), ...(onRetry ? [t("unreachableWait")] : [])]
    : hasOwnWay
      ? []
      : (failure?.suggestions ?? []);

  return (
    <div className="problem" role="alert">
      <CircleAlert size={18} aria-hidden="true" className="problem-mark" />
      <div className="stack-small">
        <p className="problem-message">{message}</p>
        {hints.map((hint) => (
          <p key={hint} className="soft">
            {withNames(hint)}
          </p>
        ))}
        {failure && failure.fields.length > 0 && (
          <ul className="problem-fields">
            {failure.fields.map((one) => (
              <li key={`${one.field}${one.code}`}>
                <code>{one.field}</code> {one.message}
              </li>
            ))}
          </ul>
        )}
        {children}
        {failure?.errorId && failure.status >= 500 && (
          <p className="small soft">
            {t("errorNumber")} <Copyable value={failure.errorId} of={t("errorNumber")} />
          </p>
        )}
        {onRetry && (
          <div>
            <Button size="small" onClick={onRetry}>
              {t("retry")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
