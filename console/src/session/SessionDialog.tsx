import { useQueryClient } from "@tanstack/react-query";
import { Modal } from "antd";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { isSessionEnded, onSessionChange, resumeSession } from "./ended";
import { meQuery } from "./me";
import "./SessionDialog.css";
import { useSessionTexts } from "./texts";

// A form is not needed for the first screen, and a session seldom ends under somebody.
const LoginForm = lazy(() => import("./LoginForm").then((module) => ({ default: module.LoginForm })));
/** Over drawers, dialogs and the palette: none of them may be used or read without a session. */
const OVER_ALL = 1200;

/** Asks to log in again over the open page; on the page of the login itself there is nothing to ask. */
export function SessionDialog() {
  const t = useSessionTexts();
  const queries = useQueryClient();
  const ended = useSyncExternalStore(onSessionChange, isSessionEnded);
  const me = queries.getQueryData(meQuery.queryKey);
  const open = ended && me !== undefined && window.location.pathname !== "/login";
  useEffect(() => {
    if (!ended) return;
    // Whoever logs in, here or in another tab, may be somebody else: everything is asked for anew.
    return () => void queries.invalidateQueries();
  }, [ended, queries]);
  return (
    <Modal
      open={open}
      title={t("ended")}
      footer={null}
      closable={false}
      mask={{ closable: false }}
      rootClassName="session-mask"
      zIndex={OVER_ALL}
      width={380}
      destroyOnHidden
    >
      <div className="stack">
        <p className="soft">{t("endedHint")}</p>
        <Suspense fallback={null}>
          <LoginForm username={me?.username} onDone={resumeSession} />
        </Suspense>
      </div>
    </Modal>
  );
}
