import { useMutation } from "@tanstack/react-query";
import { isApiError } from "@/api/errors";
import { sendFile } from "./calls";
import type { Import } from "./types";
import { setWizard, withRefusal, withReport, wizardNow } from "./wizard";

async function rehearse(): Promise<Import> {
  try {
    return await sendFile(wizardNow(), { dryRun: true });
  } catch (error) {
    if (!isApiError(error)) throw error;
    const { wizard, again } = withRefusal(wizardNow(), error);
    setWizard(() => wizard);
    if (!again) throw error;
    return rehearse();
  }
}

/** Ask what would become of the file with all that was said of it; the answer goes to the wizard. */
export function useRehearsal() {
  return useMutation({
    mutationKey: ["imports", "rehearse"],
    mutationFn: rehearse,
    onSuccess: (report) => setWizard((before) => withReport(before, report)),
  });
}

export type Rehearsal = ReturnType<typeof useRehearsal>;
