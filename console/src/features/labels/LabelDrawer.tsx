import { useQuery } from "@tanstack/react-query";
import { Drawer, Form } from "antd";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { useLeaving } from "@/parts/useLeaving";
import { useCan } from "@/session/me";
import { LabelForm } from "./LabelForm";
import type { Label, LabelScreenProps } from "./LabelScreen";

/** One label, new or known; what is typed stays until it is saved or given up. */
export function LabelDrawer<T extends Label, B extends object>({
  open,
  listed,
  onClose,
  ...screen
}: LabelScreenProps<T, B> & { open: string | undefined; listed: T | undefined; onClose: () => void }) {
  const { api, words, beside } = screen;
  const part = usePartTexts();
  const can = useCan();
  const [form] = Form.useForm<Record<string, unknown>>();
  const isNew = open === "new";
  const mayWrite = can(isNew ? api.needs.create : api.needs.update);
  const one = useQuery({
    queryKey: [api.key, "one", open],
    queryFn: () => api.read(Number(open)),
    enabled: open !== undefined && !isNew,
    initialData: listed,
    initialDataUpdatedAt: 0,
    refetchOnWindowFocus: false,
  });
  const label = isNew ? null : one.data;
  const leave = useLeaving(form, onClose);
  const close = mayWrite ? leave : onClose;
  const title = label ? words.edit(api.nameOf(label)) : isNew ? words.create : part("loading");
  return (
    <Drawer
      open={open !== undefined}
      onClose={close}
      title={title}
      size={440}
      closable={{ "aria-label": part("close") }}
      destroyOnHidden
    >
      <div className="stack">
        {one.error && <Problem error={one.error} onRetry={() => void one.refetch()} />}
        {label !== undefined && open !== undefined && (
          <LabelForm<T, B>
            key={open}
            {...screen}
            form={form}
            label={label}
            mayWrite={mayWrite}
            onCancel={close}
            onSaved={onClose}
          />
        )}
        {label && beside?.(label)}
      </div>
    </Drawer>
  );
}
