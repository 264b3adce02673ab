import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import type { Instance } from "@/api/types";
import { WriteProblem } from "@/features/instances-actions/WriteProblem";
import { RequiredMark } from "@/parts/RequiredMark";
import { usePartTexts } from "@/parts/texts";
import { useInstanceTexts } from "../texts";
import { fromLocal, toLocal } from "./localTime";
import { useMute } from "./useMute";

const HOUR = 3_600_000;
const SPANS = [
  ["muteHour", HOUR],
  ["muteFour", 4 * HOUR],
  ["muteDay", 24 * HOUR],
  ["muteWeek", 7 * 24 * HOUR],
] as const;

/** Asks until when, by a span or by a time. */
export function MuteDialog({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const t = useInstanceTexts();
  const parts = usePartTexts();
  const id = useId();
  const [until, setUntil] = useState(() => toLocal(instance.muted_until ?? new Date(Date.now() + HOUR)));
  const [isPast, setIsPast] = useState(false);
  const mute = useMute(instance, onClose);
  const send = (): void => {
    const time = fromLocal(until);
    if (time === null || time.getTime() <= Date.now()) setIsPast(true);
    else mute.mutate(time.toISOString());
  };
  return (
    <Modal
      open
      title={t("muteTitle", { name: instance.name })}
      onCancel={onClose}
      okText={t("muteDo")}
      cancelText={parts("cancel")}
      okButtonProps={{ loading: mute.isPending }}
      onOk={send}
      width={440}
    >
      <div className="stack-small">
        <p className="soft">{t("mutedHint")}</p>
        <div className="line-up">
          {SPANS.map(([key, span]) => (
            <Button
              key={key}
              size="small"
              onClick={() => {
                setIsPast(false);
                setUntil(toLocal(new Date(Date.now() + span)));
              }}
            >
              {t(key)}
            </Button>
          ))}
        </div>
        <label htmlFor={id}>
          {t("muteUntil")}
          <RequiredMark />
        </label>
        <Input
          id={id}
          type="datetime-local"
          autoFocus
          value={until}
          status={isPast ? "error" : ""}
          aria-invalid={isPast}
          aria-required
          aria-describedby={isPast ? `${id}-past` : undefined}
          onChange={(event) => {
            setIsPast(false);
            setUntil(event.target.value);
          }}
          onPressEnter={send}
        />
        {isPast && (
          <p id={`${id}-past`} role="alert">
            {t("mutePast")}
          </p>
        )}
        <WriteProblem error={mute.error} instanceId={instance.id} />
      </div>
    </Modal>
  );
}
