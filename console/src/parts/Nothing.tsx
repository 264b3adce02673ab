import "./Nothing.css";
import { DASH } from "./format";
import { usePartTexts } from "./texts";

/** Where a value would stand and there is none: a dash for the eye, a word for the ear. */
export function Nothing() {
  const t = usePartTexts();
  return (
    <span className="nothing">
      <span aria-hidden="true">{DASH}</span>
      <span className="visually-hidden">{t("none")}</span>
    </span>
  );
}
