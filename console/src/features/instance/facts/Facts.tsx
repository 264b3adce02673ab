import { useQuery } from "@tanstack/react-query";
import type { Check, Instance } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { usePartTexts } from "@/parts/texts";
import { isHere } from "../check/isHere";
import { checksQuery, fingerprintQuery } from "../queries";
import { useWord } from "@/words/values";
import { tlsFacts, useOptionFacts } from "./connectionFacts";
import { FactList } from "./FactList";
import { lastRead } from "./lastRead";
import { privilegeFacts, serverFacts } from "./serverFacts";
import { useFactTexts } from "./texts";

/** Everything that was read of the server, each with its age. */
export function Facts({ instance, newest }: { instance: Instance; newest: Check | null }) {
  const t = useFactTexts();
  const parts = usePartTexts();
  const word = useWord();
  const options = useOptionFacts(instance);
  const checks = useQuery(checksQuery(instance.id));
  const fingerprint = useQuery(fingerprintQuery(instance.id));
  if (checks.error) {
    return (
      <Block title={t("title")}>
        <Problem error={checks.error} onRetry={() => void checks.refetch()} />
      </Block>
    );
  }
  if (!checks.data) {
    return (
      <Block title={t("title")}>
        <div className="facts-skeleton" aria-busy="true">
          {Array.from({ length: 24 }, (_, at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      </Block>
    );
  }
  const known = checks.data.items.filter((one) => isHere(one, instance));
  const read = lastRead(newest && known[0]?.id !== newest.id ? [newest, ...known] : known);
  const soon = known.some(
    (one) =>
      one.started_at === read.tls?.at && one.steps.some((step) => step.cause === "tls.cert_expires_soon"),
  );
  const yes = parts("yes");
  const no = parts("no");
  return (
    <Block title={t("title")}>
      {known.length === 0 && newest === null ? (
        <p className="facts-part soft">{t("nothingRead")}</p>
      ) : (
        <>
          <FactList title={t("server")} facts={serverFacts(read, fingerprint.data, t, word)} />
          <FactList title={t("tls")} facts={tlsFacts(read, soon, t, yes, no)} />
          <FactList title={t("privileges")} facts={privilegeFacts(read, t, word)} />
        </>
      )}
      <FactList title={t("options")} facts={options} />
    </Block>
  );
}
