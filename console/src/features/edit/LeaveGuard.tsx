import { useBlocker } from "@tanstack/react-router";
import { Button, Modal } from "antd";
import { useEditTexts } from "./texts";

/** Asks before a page with unsaved changes is left, within the console and by closing it. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const t = useEditTexts();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isDirty(),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <Modal
      open={blocker.status === "blocked"}
      title={t("leaveTitle")}
      onCancel={() => blocker.reset?.()}
      width={420}
      footer={[
        <Button key="leave" danger onClick={() => blocker.proceed?.()}>
          {t("leave")}
        </Button>,
        <Button key="stay" type="primary" autoFocus onClick={() => blocker.reset?.()}>
          {t("stay")}
        </Button>,
      ]}
    >
      <p>{t("leaveText")}</p>
    </Modal>
  );
}
