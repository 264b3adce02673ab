import type { Check } from "@/api/types";
import { Copyable } from "@/parts/Copyable";
import { duration } from "@/parts/format";
import { StatusMark } from "@/parts/StatusMark";
import "./StepList.css";
import { type StepLine, stepLines } from "./steps";
import { useWriteTexts } from "./writeTexts";

/** The server's own words, told as such; null where it said nothing. */
function told({ step_of_check }: StepLine): string | null {
  const { server_code, server_text } = step_of_check?.detail ?? {};
  const words = [server_code, server_text].filter((one) => one !== undefined && one !== null).map(String);
  return words.length > 0 ? words.join(": ") : null;
}

/** Until the server has spoken it is the operating system that says why. */
const BEFORE_THE_SERVER = new Set<string>(["guard", "resolve", "connect"]);

/** A check that is not of an instance: its steps as they are done, then what came of it. */
export function StepList({ check }: { check: Check | null }) {
  const t = useWriteTexts();
  return (
    <div className="stack-small">
      <ol className="steps">
        {stepLines(check).map((line) => (
          <li key={line.step} className="steps-line">
            {line.state === "waiting" ? (
              <StatusMark state="never" label={t("waiting")} bare />
            ) : (
              <StatusMark state={line.state} bare />
            )}
            <span>{t(line.step)}</span>
            <span className="number soft">{line.took_ms === null ? "" : duration(line.took_ms)}</span>
            {line.state === "failed" && told(line) && (
              <p className="steps-told">
                <span className="faint small">
                  {t(BEFORE_THE_SERVER.has(line.step) ? "checkSystem" : "checkTold")}
                </span>
                <q>{told(line)}</q>
              </p>
            )}
          </li>
        ))}
      </ol>
      <div role="status" className="stack-small">
        {check?.status === "finished" && check.outcome !== null && (
          <>
            <p>
              <StatusMark state={check.outcome} /> {check.message}
              {check.took_ms !== null && <span className="soft"> · {duration(check.took_ms)}</span>}
            </p>
            {check.cause && (
              <p>
                <Copyable value={check.cause} of={check.cause} />
              </p>
            )}
            {check.remedy && (
              <p className="soft">
                {t("remedy")}: {check.remedy}
              </p>
            )}
            {check.server?.version && (
              <p>
                {t("checkServer")}: <span className="mono">{check.server.version}</span>
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
