import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { isApiError } from "@/api/errors";
import { ShortcutSheet } from "@/keys/ShortcutSheet";
import { useKey } from "@/keys/keys";
import { Problem } from "@/parts/Problem";
import { meQuery, useCan } from "@/session/me";
import "./Frame.css";
import { PhoneBar } from "./PhoneBar";
import { Rail } from "./Rail";
import { SCREENS, type ScreenEntry } from "./screens";
import { useFrameTexts } from "./texts";
import { TopLine } from "./TopLine";

const Palette = lazy(() => import("@/palette/Palette").then((module) => ({ default: module.Palette })));

function ScreenKey({ screen }: { screen: ScreenEntry }) {
  const t = useFrameTexts();
  const can = useCan();
  const navigate = useNavigate();
  useKey(
    `g>${screen.letter}`,
    t("goTo", { screen: t(screen.key) }),
    () => void navigate({ to: screen.path }),
    {
      enabled: screen.needs === null || can(screen.needs),
    },
  );
  return null;
}

/** Leads to the login and names the way back, once: while that screen loads, the location is the login's already. */
function ToLogin({ here }: { here: string }) {
  const navigate = useNavigate();
  const [from] = useState(here);
  useEffect(() => {
    void navigate({ to: "/login", search: from === "/" ? {} : { next: from }, replace: true });
  }, [navigate, from]);
  return <div className="frame" aria-busy="true" />;
}

/** What stands around every screen, and around `children` where no screen is; who is not logged in goes to the login. */
export function Frame({ children }: { children?: ReactNode }) {
  const t = useFrameTexts();
  const can = useCan();
  const navigate = useNavigate();
  const me = useQuery(meQuery);
  const here = useRouterState({ select: (state) => state.location.href });
  const [finding, setFinding] = useState(false);
  const content = useRef<HTMLElement>(null);
  useKey("mod+k", t("palette"), () => setFinding((open) => !open), { inFields: true, inDialogs: finding });
  useKey("c", t("create"), () => void navigate({ to: "/instances/new" }), { enabled: can("create") });

  if (me.data === undefined) {
    if (isApiError(me.error, "AUTHENTICATION_REQUIRED")) {
      return <ToLogin here={here} />;
    }
    return me.error ? (
      <main className="frame-alone">
        <Problem error={me.error} onRetry={() => void me.refetch()} />
      </main>
    ) : (
      <div className="frame" aria-busy="true" />
    );
  }
  return (
    <div className="frame">
      <a
        className="frame-skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {t("skip")}
      </a>
      <Rail />
      <PhoneBar />
      <div className="frame-right">
        <TopLine onFind={() => setFinding(true)} />
        <main id="content" className="frame-content" tabIndex={-1} ref={content}>
          {children ?? <Outlet />}
        </main>
      </div>
      {SCREENS.map((screen) => (
        <ScreenKey key={screen.key} screen={screen} />
      ))}
      <ShortcutSheet />
      {finding && (
        <Suspense fallback={null}>
          <Palette onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </div>
  );
}
