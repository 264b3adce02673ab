import { Trash2 } from "lucide-react";
import type { Why } from "@/api/headers";
import type { Instance } from "@/api/types";
import { useDeleteInstance } from "@/features/instances-actions/useInstanceWrites";
import { ActionButton } from "@/parts/ActionButton";
import { useEditTexts } from "./texts";

/** Into the recycle bin, at once and with a way back; off while the form holds what is not saved. */
export function DeleteAction({
  instance,
  why,
  disabled,
  onDone,
}: {
  instance: Instance;
  why: Why;
  disabled: boolean;
  onDone: () => void;
}) {
  const t = useEditTexts();
  const remove = useDeleteInstance({ leaves: true });
  return (
    <ActionButton
      needs="delete"
      danger
      disabled={disabled}
      loading={remove.isPending}
      icon={<Trash2 size={14} aria-hidden="true" />}
      onClick={() => remove.mutate({ instance, why }, { onSuccess: onDone })}
    >
      {t("delete")}
    </ActionButton>
  );
}
