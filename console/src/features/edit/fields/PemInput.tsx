import { App, Button } from "antd";
import { FileUp } from "lucide-react";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import { useFieldLabel } from "@/words/useFieldLabel";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import { FieldBox, type FieldProps, useControl } from "./Field";
import { GrowingText } from "@/parts/GrowingText";

type PemField = "tls_ca" | "tls_client_cert" | "tls_client_key";

function FileButton({ field, onText }: { field: PemField; onText: (text: string) => void }) {
  const t = useEditTexts();
  const name = useFieldLabel()(field);
  const { message } = App.useApp();
  const most = (fieldRules.instance[field] as Rule).maxLength ?? Infinity;
  return (
    <span className="edit-file">
      <span className="edit-file-face" aria-hidden="true">
        <FileUp size={14} /> {t("readFile")}
      </span>
      <input
        type="file"
        aria-label={`${name}: ${t("readFile")}`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file && file.size > most) void message.error(t("fileTooLarge"));
          else void file?.text().then(onText);
        }}
      />
    </span>
  );
}

/** PEM, typed in or out of a file. */
export function PemInput({ field, hint }: FieldProps & { field: PemField }) {
  const { values, set, leave } = useFormApi();
  const { error, control } = useControl(field, hint);
  return (
    <FieldBox field={field} hint={hint} wide>
      <GrowingText
        {...control}
        className="mono"
        rows={2}
        value={values[field] ?? ""}
        status={error ? "error" : ""}
        autoComplete="off"
        spellCheck={false}
        placeholder="-----BEGIN …-----"
        onChange={(event) => set(field, event.target.value)}
        onBlur={() => leave(field)}
      />
      <FileButton field={field} onText={(text) => set(field, text)} />
    </FieldBox>
  );
}

/** The client key: what is kept never comes back, so it is replaced or removed. */
export function KeyInput({
  isKept,
  replacing,
  onReplace,
  hint,
}: {
  isKept: boolean;
  replacing: boolean;
  onReplace: (on: boolean) => void;
  hint: string;
}) {
  const { values, set } = useFormApi();
  const t = useEditTexts();
  const goes = values.tls_client_key === null;
  const { control } = useControl("tls_client_key");
  const back = () => {
    onReplace(false);
    set("tls_client_key", "");
  };
  if (!isKept) return <PemInput field="tls_client_key" hint={hint} />;
  if (replacing && !goes) {
    return (
      <>
        <PemInput field="tls_client_key" hint={hint} />
        <div>
          <Button size="small" onClick={back}>
            {t("keyBack")}
          </Button>
        </div>
      </>
    );
  }
  return (
    <FieldBox field="tls_client_key" wide group>
      <p>{t(goes ? "keyWillGo" : "keyKept")}</p>
      <div className="line-up">
        {goes ? (
          <Button size="small" id={control.id} onClick={back}>
            {t("keyBack")}
          </Button>
        ) : (
          <>
            <Button size="small" id={control.id} onClick={() => onReplace(true)}>
              {t("keyReplace")}
            </Button>
            <Button size="small" danger onClick={() => set("tls_client_key", null)}>
              {t("keyRemove")}
            </Button>
          </>
        )}
      </div>
    </FieldBox>
  );
}
