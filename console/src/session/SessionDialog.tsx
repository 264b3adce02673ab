import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { isSessionEnded, onSessionChange, resumeSession } from "./ended";
import { meQuery } from "./me";
import { useSessionTexts } from "./texts";

// A form is not needed for the first screen, and a session seldom ends under somebody.
const LoginForm = lazy(() => import("./LoginForm").then((module) => ({ default: module.LoginForm })));

/** Asks to log in again over the open page; on the page of the login itself there is nothing to ask. */
export function SessionDialog() {
  const t = useSessionTexts();
  const queries = useQueryClient();
  const ended = useSyncExternalStore(onSessionChange, isSessionEnded);
  const me = queries.getQueryData(meQuery.queryKey);
  const open = ended && me !== undefined && window.location.pathname !== "/login";
  return (
    <Modal
      open={open}
      title={t("ended")}
      footer={null}
      closable={false}
      mask={{ closable: false }}
      width={380}
      destroyOnHidden
    >
      <div className="stack">
        <p className="soft">{t("endedHint")}</p>
        <Suspense fallback={null}>
          <LoginForm
            username={me?.username}
            onDone={() => {
              resumeSession();
              void queries.invalidateQueries();
            }}
          />
        </Suspense>
      </div>
    </Modal>
  );
}
