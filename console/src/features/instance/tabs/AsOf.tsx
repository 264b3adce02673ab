import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { History } from "lucide-react";
import type { Instance } from "@/api/types";
import { Diff } from "@/changes/Diff";
import { RawJson } from "@/changes/RawJson";
import { useLanguage } from "@/i18n/texts";
import { exactTime } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useSay } from "@/words/useSay";
import { asOfQuery } from "../queries";
import "./AsOf.css";
import { DetailsTab } from "./DetailsTab";
import { diffBetween } from "./between";
import { useTabTexts } from "./texts";

/** The instance as it was, marked as such, and what differs from now. */
export function AsOf({ now, at, onBack }: { now: Instance; at: string; onBack: () => void }) {
  const t = useTabTexts();
  const labelOf = useFieldLabel();
  const say = useSay();
  const shown = useLanguage();
  const then = useQuery(asOfQuery(now.id, at));
  const isTime = !Number.isNaN(Date.parse(at));
  const fields = then.data ? diffBetween(then.data.instance, now, say) : [];
  return (
    <>
      <section className="as-of" aria-label={t("asOf")}>
        <History size={18} aria-hidden="true" className="as-of-sign" />
        <div className="as-of-words">
          <strong>{t("asOfTitle", { at: isTime ? exactTime(at, shown) : at })}</strong>
          <p>{t("asOfHint")}</p>
        </div>
        <Button type="primary" onClick={onBack}>
          {t("asOfBack")}
        </Button>
      </section>
      {then.error && <Problem error={then.error} onRetry={() => void then.refetch()} />}
      {then.data && (
        <>
          <Block title={t("asOfNow")}>
            {fields.length === 0 ? (
              <p className="soft">{t("noDifference")}</p>
            ) : (
              <Diff caption={t("asOfNow")} fields={fields} heads={[t("then"), t("now")]} labelOf={labelOf} />
            )}
          </Block>
          <Block title={t("asOf")} extra={<RawJson of={then.data.instance} />}>
            <DetailsTab instance={then.data.instance} />
          </Block>
        </>
      )}
    </>
  );
}
