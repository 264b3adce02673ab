import { Button, Checkbox, Input } from "antd";
import { useId, useState } from "react";
import { isApiError } from "@/api/errors";
import type { Check } from "@/api/types";
import { Ladder } from "@/checks/Ladder";
import { useCheckTexts } from "@/checks/texts";
import { Verdict } from "@/checks/Verdict";
import { ActionButton } from "@/parts/ActionButton";
import { duration } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { RequiredMark } from "@/parts/RequiredMark";
import { Block } from "@/parts/Screen";
import { useFormApi } from "./FormContext";
import { useWriteTexts } from "./writeTexts";
import { endpointOf, type OwnLogin, useUnsavedCheck } from "./useUnsavedCheck";

function OwnLoginFields({ own, onChange }: { own: OwnLogin; onChange: (own: OwnLogin) => void }) {
  const t = useWriteTexts();
  const id = useId();
  return (
    <div className="stack-small">
      <label className="edit-label" htmlFor={`${id}-user`}>
        {t("ownUser")}
        <RequiredMark />
      </label>
      <Input
        id={`${id}-user`}
        value={own.username}
        aria-required
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ ...own, username: event.target.value })}
      />
      <label className="edit-label" htmlFor={`${id}-password`}>
        {t("ownPassword")}
        <RequiredMark />
      </label>
      <Input.Password
        id={`${id}-password`}
        value={own.password}
        aria-required
        autoComplete="new-password"
        onChange={(event) => onChange({ ...own, password: event.target.value })}
      />
    </div>
  );
}

/** The ladder as it is climbed, then what came of it and how long it took. */
function Result({ check }: { check: Check }) {
  const t = useCheckTexts();
  return (
    <div>
      <Ladder check={check} />
      <Verdict check={check}>
        {check.took_ms !== null && (
          <p className="small soft">{t("took", { took: duration(check.took_ms) })}</p>
        )}
      </Verdict>
    </div>
  );
}

/** Connects once with what is typed in, before anything is saved. */
export function CheckBlock({ isKeyKept }: { isKeyKept: boolean }) {
  const t = useWriteTexts();
  const { values } = useFormApi();
  const [own, setOwn] = useState<OwnLogin | null>(null);
  const { check, error, isRunning, run, stop, isOf } = useUnsavedCheck();
  const body = endpointOf(values, own);
  const isFilledIn = values.db_type !== "" && values.host.trim() !== "" && values.port.trim() !== "";
  const lacksLogin = own !== null && (own.username === "" || own.password === "");
  return (
    <Block title={t("checkTitle")}>
      <div className="stack">
        <p className="soft">{isFilledIn ? t("checkHint") : t("checkFillIn")}</p>
        <Checkbox
          checked={own !== null}
          onChange={(event) => setOwn(event.target.checked ? { username: "", password: "" } : null)}
        >
          {t("ownLogin")}
        </Checkbox>
        {own && <OwnLoginFields own={own} onChange={setOwn} />}
        {isKeyKept && values.tls_client_key === "" && values.tls_client_cert !== "" && (
          <p className="soft small">{t("checkKeyKept")}</p>
        )}
        <div className="line-up">
          <ActionButton
            needs="check_unsaved"
            disabled={!isFilledIn || lacksLogin}
            loading={isRunning}
            onClick={() => run(body)}
          >
            {t(check ? "checkAgain" : "checkRun")}
          </ActionButton>
          {isRunning && check && <Button onClick={stop}>{t("checkStop")}</Button>}
        </div>
        {error && (
          <Problem error={error}>
            {isApiError(error, "CREDENTIAL_NOT_BOUND") && <p>{t("checkNotBound")}</p>}
          </Problem>
        )}
        {check && <Result check={check} />}
        {check && !isRunning && !isOf(body) && <p className="soft small">{t("checkStale")}</p>}
      </div>
    </Block>
  );
}
