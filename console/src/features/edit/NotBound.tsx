import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ApiError } from "@/api/errors";
import { Copyable } from "@/parts/Copyable";
import { Problem } from "@/parts/Problem";
import { useThings } from "./fields/things";
import { useFormApi } from "./FormContext";
import { useWriteTexts } from "./writeTexts";

/** The credential may not go to this endpoint: what to do, who may do it, and the words to ask them with. */
export function NotBound({
  error,
  field,
}: {
  error: ApiError;
  field: "credential_id" | "admin_credential_id";
}) {
  const t = useWriteTexts();
  const { values, set } = useFormApi();
  const id = Number(error.extra["credential_id"]);
  const credential = useThings("credentials").data?.find((one) => one.id === id)?.label ?? String(id);
  const endpoint = `${values.db_type} ${values.host}:${values.port}`;
  const tls = values.tls_mode === "" ? "require" : values.tls_mode;
  const words = t("notBoundAsk", { credential, endpoint, tls });
  return (
    <Problem error={error}>
      <Copyable value={words} of={t("notBoundCopy")}>
        <q>{words}</q>
      </Copyable>
      <p>{t("notBoundWithout")}</p>
      <div className="line-up">
        <Button size="small" onClick={() => set(field, "")}>
          {t("clearCredential")}
        </Button>
        {Number.isFinite(id) && (
          <Link to="/credentials/$credentialId" params={{ credentialId: String(id) }}>
            {t("toCredential")}
          </Link>
        )}
      </div>
    </Problem>
  );
}
