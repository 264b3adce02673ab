import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import { fieldRules } from "@/api/rules.gen";
import { Refused } from "@/features/instances-actions/Refused";
import { usePartTexts } from "@/parts/texts";
import { type Purged, purgeMany } from "./purge";
import { useBinTexts } from "./texts";

/** Names that are shown of those that go. */
const NAMED = 12;

/** Final removal of what is selected: says which and how many, and asks for their number. */
export function BulkPurgeDialog({
  instances,
  onPurged,
  onClose,
}: {
  instances: readonly Purged[];
  /** After some or all are gone: their ids. */
  onPurged: (ids: ReadonlySet<number>) => void;
  onClose: () => void;
}) {
  const t = useBinTexts();
  const p = usePartTexts();
  const id = useId();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [asked] = useState(instances);
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [done, setDone] = useState(0);
  const count = asked.length;
  const purge = useMutation({
    mutationFn: () => purgeMany(asked, reason, setDone),
    onSuccess: (end) => {
      const gone = end.results.flatMap((one) => (one.status === "error" ? [] : (one.id ?? [])));
      onPurged(new Set(gone));
      for (const one of gone) queries.removeQueries({ queryKey: ["instance", one] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
      if (gone.length > 0) void message.success(t("purgedMany", { count: gone.length }));
      if (gone.length === count) onClose();
    },
  });
  const isNumbered = typed.trim() === String(count);
  // What is told afterwards is not asked for again: the selection holds what is left.
  const isOver = purge.data !== undefined;
  return (
    <Modal
      open
      title={t("purgeManyTitle", { count })}
      width={520}
      onCancel={() => {
        if (!purge.isPending) onClose();
      }}
      footer={[
        <Button key="cancel" disabled={purge.isPending} onClick={onClose}>
          {p(isOver ? "close" : "cancel")}
        </Button>,
        !isOver && (
          <Button
            key="purge"
            danger
            type="primary"
            htmlType="submit"
            form={`${id}-form`}
            loading={purge.isPending}
            disabled={!isNumbered}
          >
            {t("purgeManyDo", { count })}
          </Button>
        ),
      ]}
    >
      <Refused end={purge.data ?? null} />
      <form
        id={`${id}-form`}
        className="stack"
        hidden={isOver}
        onSubmit={(event) => {
          event.preventDefault();
          if (isNumbered && !purge.isPending) purge.mutate();
        }}
      >
        <p>
          <strong>{t("purgeManyText")}</strong> {t("purgeManyReach", { count })}
        </p>
        <p className="bin-names">
          {asked.slice(0, NAMED).map(({ id: one, name }) => (
            <code key={one}>{name}</code>
          ))}
          {count > NAMED && <span>{t("purgeManyMore", { count: count - NAMED })}</span>}
        </p>
        <div className="stack-small">
          <label htmlFor={`${id}-number`}>
            {t("purgeManyType")} <code>{count}</code>
          </label>
          <Input
            id={`${id}-number`}
            value={typed}
            autoFocus
            autoComplete="off"
            inputMode="numeric"
            onChange={(event) => setTyped(event.target.value)}
          />
          <label htmlFor={`${id}-reason`}>{t("purgeManyReason")}</label>
          <Input
            id={`${id}-reason`}
            value={reason}
            maxLength={fieldRules.deletion.reason.maxLength}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <p role="status">{purge.isPending ? t("purging", { done, count }) : ""}</p>
      </form>
    </Modal>
  );
}
