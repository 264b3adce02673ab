import { useQuery } from "@tanstack/react-query";
import type { Check, Instance } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { Block } from "@/parts/Screen";
import { usePartTexts } from "@/parts/texts";
import { isHere } from "../check/isHere";
import { checksQuery, fingerprintQuery } from "../queries";
import { useWord } from "@/words/values";
import { tlsFacts, useOptionFacts } from "./connectionFacts";
import { type Fact, FactList } from "./FactList";
import { hasLoggedIn, lastRead } from "./lastRead";
import { NoLogin } from "./NoLogin";
import { privilegeFacts, serverFacts } from "./serverFacts";
import { useFactTexts } from "./texts";

/** Facts without those that nobody has read. */
function Told({ title, facts }: { title: string; facts: readonly Fact[] }) {
  const told = facts.filter((fact) => fact.value !== null);
  return told.length > 0 && <FactList title={title} facts={told} />;
}

/** Everything that was read of the server, each with its age; before the first login one sentence says that there is none. */
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
  const listed = checks.data.items.filter((one) => isHere(one, instance));
  // The newest is heard of before the list is read anew.
  const known = newest && listed[0]?.id !== newest.id ? [newest, ...listed] : listed;
  const read = lastRead(known);
  const soon = known.some(
    (one) =>
      one.started_at === read.tls?.at && one.steps.some((step) => step.cause === "tls.cert_expires_soon"),
  );
  const yes = parts("yes");
  const no = parts("no");
  const ended = known.filter((one) => one.status === "finished");
  const [last] = ended;
  const server = serverFacts(read, fingerprint.data, t, word);
  const tls = tlsFacts(read, soon, t, yes, no);
  return (
    <Block title={t("title")}>
      {last === undefined ? (
        <p className="facts-part soft">{t("nothingRead")}</p>
      ) : read.server === null && !ended.some(hasLoggedIn) ? (
        <>
          <NoLogin instance={instance} checks={ended.length} lastId={last.id} />
          <Told title={t("server")} facts={server} />
          <Told title={t("tls")} facts={tls} />
        </>
      ) : (
        <>
          <FactList title={t("server")} facts={server} />
          <FactList title={t("tls")} facts={tls} />
          <FactList title={t("privileges")} facts={privilegeFacts(read, t, word)} />
        </>
      )}
      <FactList title={t("options")} facts={options} />
    </Block>
  );
}
