import { Button } from "antd";
import type { Instance } from "@/api/types";
import { useActorWord } from "@/changes/actor";
import { Ladder } from "@/checks/Ladder";
import { useCheckTexts } from "@/checks/texts";
import { Verdict } from "@/checks/Verdict";
import { Ago } from "@/parts/Ago";
import { duration, hostPort } from "@/parts/format";
import { Block } from "@/parts/Screen";
import { Problem } from "@/parts/Problem";
import { useMe } from "@/session/me";
import "./CheckBlock.css";
import { isHere } from "./isHere";
import { Mending } from "./Mending";
import { useInstanceCheckTexts } from "./texts";
import type { Checking } from "./useChecking";
import { useMayCheck } from "./useMayCheck";

function Never({ instance }: { instance: Instance }) {
  const t = useInstanceCheckTexts();
  const mayCheck = useMayCheck(instance);
  return (
    <div className="check-never">
      <strong>{t("never")}</strong>
      {mayCheck && <span className="soft">{t("neverHint")}</span>}
    </div>
  );
}

/** Whether there is no check, and none is to come: steps that wait would look like one that runs. */
const isWithout = ({ check, isLoading, isRunning }: Checking): boolean =>
  check === null && !isLoading && !isRunning;

/** The ladder of the newest check, live, or of the one that was chosen, with its verdict. */
export function CheckBlock({
  instance,
  checking,
  onNewest,
}: {
  instance: Instance;
  checking: Checking;
  onNewest: () => void;
}) {
  const t = useInstanceCheckTexts();
  const checkText = useCheckTexts();
  const actor = useActorWord();
  const me = useMe();
  const { check, newest, startError } = checking;
  const isNever = isWithout(checking);
  const isOld = check !== null && newest !== null && check.id !== newest.id;
  const extra = check && (
    <span className="small soft line-up">
      <span title={check.actor.username}>
        {check.status === "running" && check.actor.username !== me?.username
          ? t("byOther", { who: actor(check.actor) })
          : t("by", { who: actor(check.actor) })}
      </span>
      <Ago at={check.started_at} />
      {check.took_ms !== null && <span>{checkText("took", { took: duration(check.took_ms) })}</span>}
    </span>
  );
  return (
    <Block title={isOld ? t("old") : t("title")} extra={extra}>
      <div className="check-block">
        {isOld && (
          <div className="check-old">
            <Button size="small" onClick={onNewest}>
              {t("toNewest")}
            </Button>
          </div>
        )}
        {check !== null && !isHere(check, instance) && (
          <p className="check-old" role="status">
            {t("elsewhere", { endpoint: hostPort(check.host, check.port) })}
          </p>
        )}
        {startError !== null && startError !== undefined && (
          <div className="check-problem">
            <Problem error={startError} />
          </div>
        )}
        {checking.error && !check ? (
          <div className="check-problem">
            <Problem error={checking.error} onRetry={checking.retry} />
          </div>
        ) : (
          <>
            {isNever ? <Never instance={instance} /> : <Ladder check={check} />}
            {check && (
              <Verdict check={check}>
                <Mending key={check.id} check={check} instance={instance} onAgain={checking.start} />
              </Verdict>
            )}
          </>
        )}
      </div>
    </Block>
  );
}
