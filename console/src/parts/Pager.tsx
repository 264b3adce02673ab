import { Button } from "antd";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { count } from "./format";
import "./Pager.css";
import { usePartTexts } from "./texts";

interface PagerProps {
  page: number;
  limit: number;
  limits: readonly number[];
  /** Rows on this page. */
  shown: number;
  /** Rows on all pages, once it is known. */
  total: number | undefined;
  more: boolean;
  onPage: (page: number) => void;
  onLimit: (limit: number) => void;
}

/** Which rows of how many are shown, and the way to the others. */
export function Pager({ page, limit, limits, shown, total, more, onPage, onLimit }: PagerProps) {
  const t = usePartTexts();
  const from = shown === 0 ? 0 : (page - 1) * limit + 1;
  const range = { from: count(from), to: count(shown === 0 ? 0 : from + shown - 1) };
  return (
    <div className="pager">
      <span role="status" className="soft nowrap">
        {total === undefined ? t("rangeOpen", range) : t("range", { ...range, total: count(total) })}
      </span>
      <span className="line-up">
        <label className="line-up soft">
          <span className="pager-rows">{t("rows")}</span>
          <select
            className="pager-limit"
            value={limit}
            aria-label={t("rows")}
            onChange={(event) => onLimit(Number(event.target.value))}
          >
            {limits.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <Button
          icon={<ChevronLeft size={14} aria-hidden="true" />}
          aria-label={t("previous")}
          title={t("previous")}
          disabled={page === 1}
          onClick={() => onPage(page - 1)}
        />
        <Button
          icon={<ChevronRight size={14} aria-hidden="true" />}
          aria-label={t("next")}
          title={t("next")}
          disabled={!more}
          onClick={() => onPage(page + 1)}
        />
      </span>
    </div>
  );
}
