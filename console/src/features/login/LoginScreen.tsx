import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { one, type Search } from "@/app/search";
import { LanguageSwitch } from "@/frame/LanguageSwitch";
import { Logo } from "@/frame/Logo";
import { ThemeSwitch } from "@/frame/ThemeSwitch";
import { resumeSession } from "@/session/ended";
import { LoginForm } from "@/session/LoginForm";
import { useSessionTexts } from "@/session/texts";
import "./LoginScreen.css";

/** Only a path of this console: anything else could lead to a foreign page after the login. */
export function nextPath(given: string | undefined): string {
  return given !== undefined && /^\/(?![/\\])/.test(given) ? given : "/";
}

export function LoginScreen() {
  const t = useSessionTexts();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  useEffect(() => {
    document.title = `${t("logIn")} · Muster`;
  }, [t]);
  return (
    <main className="login">
      <section className="login-card">
        <h1 className="login-name">
          <Logo size={28} /> Muster
        </h1>
        <p className="soft">{t("tagline")}</p>
        <LoginForm
          onDone={() => {
            resumeSession();
            void navigate({ href: nextPath(one(search, "next")), replace: true });
          }}
        />
        <details className="small soft">
          <summary>{t("firstTime")}</summary>
          <p>{t("firstTimeHint")}</p>
        </details>
        <div className="login-foot">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </section>
    </main>
  );
}
