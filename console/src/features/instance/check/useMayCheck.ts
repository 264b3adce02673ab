import type { Instance } from "@/api/types";
import { useCan } from "@/session/me";

/** Whether somebody of this role can check the instance: what is in the recycle bin nobody can. */
export function useMayCheck({ deleted_at }: Pick<Instance, "deleted_at">): boolean {
  const can = useCan();
  return can("check") && deleted_at === null;
}
