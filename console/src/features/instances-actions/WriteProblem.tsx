import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { isApiError } from "@/api/errors";
import { Problem } from "@/parts/Problem";
import { useActionTexts } from "./texts";

/** Why a write was refused; where somebody was faster, the way to see the instance as it is now. */
export function WriteProblem({ error, instanceId }: { error: unknown; instanceId: number }) {
  const t = useActionTexts();
  const queries = useQueryClient();
  if (error === null || error === undefined) return null;
  if (!isApiError(error) || error.status !== 412) return <Problem error={error} />;
  return (
    <Problem error={error}>
      <p>{t("changedSince")}</p>
      <div>
        <Button
          size="small"
          onClick={() => void queries.invalidateQueries({ queryKey: ["instance", instanceId] })}
        >
          {t("reload")}
        </Button>
      </div>
    </Problem>
  );
}
