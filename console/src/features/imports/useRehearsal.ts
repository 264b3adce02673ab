import { useMutation } from "@tanstack/react-query";
import { isApiError } from "@/api/errors";
import { sendFile } from "./calls";
import type { Import } from "./types";
import { setWizard, withAnswer, withRefusal, wizardNow } from "./wizard";

async function rehearse(): Promise<Import> {
  const report = await sendFile(wizardNow(), { dryRun: true });
  const { wizard, again } = withAnswer(wizardNow(), report);
  setWizard(() => wizard);
  return again ? rehearse() : report;
}

/** Ask what would become of the file with all that was said of it; the answer goes to the wizard. */
export function useRehearsal() {
  return useMutation({
    mutationKey: ["imports", "rehearse"],
    mutationFn: rehearse,
    onError: (error) => {
      if (isApiError(error)) setWizard((before) => withRefusal(before, error));
    },
  });
}

export type Rehearsal = ReturnType<typeof useRehearsal>;
