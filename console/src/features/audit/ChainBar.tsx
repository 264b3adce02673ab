import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ago } from "@/parts/Ago";
import { Command } from "@/parts/Command";
import { Copyable } from "@/parts/Copyable";
import { Problem } from "@/parts/Problem";
import { StatusMark } from "@/parts/StatusMark";
import { chainState } from "./chain";
import "./ChainBar.css";
import { type Chain, chainQuery } from "./queries";
import { useAuditTexts } from "./texts";

const VERIFY = "muster audit verify --record";

function Verified({ verified }: Pick<Chain, "verified">) {
  const t = useAuditTexts();
  const { state, word } = chainState({ verified });
  return (
    <span>
      <StatusMark state={state} label={t(word)} />
      {verified === null && (
        <>
          <span className="soft">{t("unverifiedHint")}</span>
          <Command line={VERIFY} of={VERIFY} onStore />
        </>
      )}
      {verified?.sound && verified.through_seal !== null && (
        <span className="soft">{t("soundThrough", { number: verified.through_seal })}</span>
      )}
      {verified && !verified.sound && (
        <>
          <span>
            {verified.through_seal === null
              ? t("brokenAll")
              : t("brokenThrough", { number: verified.through_seal })}
          </span>
          <Link to="/audit" search={{ action: "audit.verify" }}>
            {t("brokenSee")}
          </Link>
        </>
      )}
      {verified && <Ago at={verified.at} />}
    </span>
  );
}

/** How far the trail is sealed, and whether the chain of seals holds. */
export function ChainBar() {
  const t = useAuditTexts();
  const { data, error, refetch } = useQuery(chainQuery);
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <div className="chain" aria-busy="true" />;
  const { sealed, unsealed, verified, begins_at } = data;
  const broken = verified !== null && !verified.sound;
  return (
    <section className={broken ? "chain chain-broken" : "chain"} aria-label={t("chain")}>
      <Verified verified={verified} />
      <span>
        {sealed ? (
          <>
            {t("sealedUpTo", { id: sealed.last_id })}
            <Ago at={sealed.sealed_at} />
            <Copyable value={sealed.hash} of={t("hash")}>
              <span className="soft">{t("sealNumber", { number: sealed.number })}</span>
            </Copyable>
          </>
        ) : (
          t("neverSealed")
        )}
      </span>
      {unsealed > 0 && <span className="soft">{t("unsealed", { count: unsealed })}</span>}
      {begins_at && (
        <span className="soft">
          {t("begins")} <Ago at={begins_at} />
        </span>
      )}
    </section>
  );
}
