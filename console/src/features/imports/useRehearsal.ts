import { useMutation } from "@tanstack/react-query";
import { isApiError } from "@/api/errors";
import { sendFile } from "./calls";
import type { Import } from "./types";
import { setWizard, withAnswer, withRefusal, wizardNow } from "./wizard";

async function rehearse(file: File | null): Promise<Import> {
  const report = await sendFile(wizardNow(), { dryRun: true });
  // Meanwhile another file may have been chosen, of which this answer says nothing.
  if (wizardNow().file !== file) return report;
  const { wizard, again } = withAnswer(wizardNow(), report);
  setWizard(() => wizard);
  return again ? rehearse(file) : report;
}

/** Ask what would become of the file with all that was said of it; the answer goes to the wizard. */
export function useRehearsal() {
  return useMutation({
    mutationKey: ["imports", "rehearse"],
    mutationFn: async () => {
      const { file } = wizardNow();
      try {
        return await rehearse(file);
      } catch (error) {
        if (isApiError(error) && wizardNow().file === file) setWizard((before) => withRefusal(before, error));
        throw error;
      }
    },
  });
}

export type Rehearsal = ReturnType<typeof useRehearsal>;
