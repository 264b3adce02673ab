import { useState } from "react";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import { useHintTexts } from "../fieldTexts";
import { useEditTexts } from "../texts";
import { Choice, Toggle } from "./controls";
import { FoldedGroup } from "./Group";
import { CONNECTION } from "./order";
import { KeyInput, PemInput } from "./PemInput";
import { TimeLimits } from "./TimeLimits";

export function ConnectionGroup({ isKeyKept }: { isKeyKept: boolean }) {
  const t = useEditTexts();
  const hint = useHintTexts();
  const modes = (fieldRules.instance.tls_mode as Rule).enum ?? [];
  const [replacing, setReplacing] = useState(false);
  return (
    <FoldedGroup title={t("connection")} fields={CONNECTION}>
      <Choice
        field="tls_mode"
        clear
        placeholder={t("savedDefault")}
        hint={hint("tls_mode")}
        options={modes.map((value) => ({ value, label: value }))}
      />
      <Toggle field="tls_legacy" beside hint={hint("tls_legacy")} />
      <PemInput field="tls_ca" hint={hint("tls_ca")} />
      <PemInput field="tls_client_cert" hint={hint("tls_client_cert")} />
      <KeyInput
        isKept={isKeyKept}
        replacing={replacing}
        onReplace={setReplacing}
        hint={hint("tls_client_key")}
      />
      <TimeLimits />
    </FoldedGroup>
  );
}
