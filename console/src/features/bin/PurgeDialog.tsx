import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Skeleton } from "antd";
import { useId, useState } from "react";
import { api, ask } from "@/api/client";
import { count } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { type Binned, reachQuery } from "./queries";
import { useBinTexts } from "./texts";

/** Final removal: says what goes and what stays, and asks for the name. */
export function PurgeDialog({ instance, onClose }: { instance: Binned; onClose: () => void }) {
  const t = useBinTexts();
  const p = usePartTexts();
  const id = useId();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const reach = useQuery(reachQuery(instance.id));
  const { name } = instance;
  const purge = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/instances/{instance_id}/purge", {
          params: {
            path: { instance_id: instance.id },
            header: { "If-Match": `"${reach.data?.version ?? instance.version}"` },
          },
          body: { reason: reason.trim() === "" ? null : reason.trim() },
        }),
      ),
    onSuccess: () => {
      void message.success(t("purgeDone", { name }));
      onClose();
      queries.removeQueries({ queryKey: ["instance", instance.id] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
    },
  });
  const isNamed = typed === name;
  return (
    <Modal
      open
      title={t("purgeTitle", { name })}
      width={520}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {p("cancel")}
        </Button>,
        <Button
          key="purge"
          danger
          type="primary"
          htmlType="submit"
          form={`${id}-form`}
          loading={purge.isPending}
          disabled={!isNamed || reach.data === undefined}
        >
          {t("purge")}
        </Button>,
      ]}
    >
      <form
        id={`${id}-form`}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed && reach.data) purge.mutate();
        }}
      >
        <div>
          <p>
            <strong>{t("purgeText")}</strong>
          </p>
          {reach.data && (
            <p>
              {t("purgeReach", {
                name,
                checks: count(reach.data.checks),
                changes: count(reach.data.changes),
              })}{" "}
              {reach.data.credential && t("purgeCredential", { name: reach.data.credential })}
            </p>
          )}
          {reach.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
        </div>
        {reach.error && <Problem error={reach.error} onRetry={() => void reach.refetch()} />}
        {purge.error && <Problem error={purge.error} onRetry={() => void reach.refetch()} />}
        <div className="stack-small">
          <label htmlFor={`${id}-name`}>
            {t("purgeType")} <code>{name}</code>
          </label>
          <Input
            id={`${id}-name`}
            value={typed}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            status={typed !== "" && !name.startsWith(typed) ? "error" : ""}
            aria-describedby={`${id}-wrong`}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p id={`${id}-wrong`} className="bin-wrong" role="status">
            {typed !== "" && !name.startsWith(typed) ? t("purgeWrong") : ""}
          </p>
          <label htmlFor={`${id}-reason`}>{t("purgeReason")}</label>
          <Input
            id={`${id}-reason`}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      </form>
    </Modal>
  );
}
