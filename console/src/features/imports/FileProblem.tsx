import { isApiError } from "@/api/errors";
import { useLanguage } from "@/i18n/texts";
import { Problem } from "@/parts/Problem";
import { bytes } from "@/parts/format";
import { inARow } from "@/words/sentences";
import { useImportTexts } from "./texts";

/** What a server takes unless it is set otherwise; its own limit is in its refusal. */
const USUAL_BYTES = 10 * 1024 * 1024;
/** What is said of a large file that got no answer of ours: a proxy refused it, or the line was cut. */
const CUT_OFF = new Set([0, 413, 502]);

/** Why a file was refused and what mends it; the file stays. */
export function FileProblem({
  error,
  file,
  onRetry,
}: {
  error: Error;
  file: File | null;
  onRetry: () => void;
}) {
  const t = useImportTexts();
  const shown = useLanguage();
  const failure = isApiError(error) ? error : null;
  const faults = failure?.fields.filter((one) => one.field === "file" || one.field.startsWith("file.")) ?? [];
  if (failure && faults.length > 0 && faults.length === failure.fields.length)
    return (
      <Problem
        error={inARow(
          faults.map((one) => one.message),
          shown,
        )}
      >
        <p>{t("fileRefused", { name: file?.name ?? "" })}</p>
      </Problem>
    );
  const isLarge = file !== null && file.size > USUAL_BYTES && failure !== null && CUT_OFF.has(failure.status);
  return (
    <Problem error={error} onRetry={onRetry}>
      {isLarge && <p>{t("fileLarge", { size: bytes(file.size), usual: bytes(USUAL_BYTES) })}</p>}
    </Problem>
  );
}
