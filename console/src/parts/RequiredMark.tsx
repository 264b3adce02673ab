import type { ReactNode } from "react";
import { useFormTexts } from "./formTexts";
import "./RequiredMark.css";

/** Stands after the label of a field that must be filled in; the control itself says so by `aria-required`. */
export function RequiredMark() {
  const t = useFormTexts();
  return <span className="required-mark" title={t("mustBeFilled")} aria-hidden="true" />;
}

/** The label of a field of Ant Design's forms, with the mark where the field is required. */
export const withRequiredMark = (label: ReactNode, { required }: { required: boolean }): ReactNode => (
  <>
    {label}
    {required && <RequiredMark />}
  </>
);
