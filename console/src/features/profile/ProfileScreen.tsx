import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Radio } from "antd";
import { Check, Minus } from "lucide-react";
import { useId } from "react";
import { chooseLanguage, type Language } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";
import { showSheet } from "@/keys/sheet";
import { Block, Screen } from "@/parts/Screen";
import { useCan, useMe } from "@/session/me";
import { ACTIONS, useActionWord, useRoleWord } from "@/session/roles";
import { useLogOut } from "@/session/useLogOut";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "@/theme/theme";
import { PasswordBlock } from "./PasswordBlock";
import "./ProfileScreen.css";
import { useProfileTexts } from "./texts";

function ActionList({ actions, may }: { actions: readonly string[]; may: boolean }) {
  const word = useActionWord();
  const Mark = may ? Check : Minus;
  return (
    <ul className="profile-actions">
      {actions.map((one) => (
        <li key={one} className={may ? undefined : "soft"}>
          <Mark
            size={14}
            aria-hidden="true"
            className={may ? "profile-mark" : "profile-mark profile-mark-off"}
          />
          {word(one)}
        </li>
      ))}
    </ul>
  );
}

function Preferences() {
  const t = useProfileTexts();
  const id = useId();
  const shown = useLanguage();
  const theme = useThemeChoice();
  const queries = useQueryClient();
  return (
    <Block title={t("preferences")}>
      <dl className="profile-preferences">
        <dt className="soft" id={`${id}language`}>
          {t("language")}
        </dt>
        <dd>
          <Radio.Group
            optionType="button"
            buttonStyle="solid"
            aria-labelledby={`${id}language`}
            value={shown}
            options={[
              { value: "zh", label: <span lang="zh-CN">中文</span> },
              { value: "en", label: <span lang="en">English</span> },
            ]}
            onChange={({ target }) =>
              void chooseLanguage(target.value as Language).then(() => queries.invalidateQueries())
            }
          />
        </dd>
        <dt className="soft" id={`${id}theme`}>
          {t("theme")}
        </dt>
        <dd>
          <Radio.Group
            optionType="button"
            buttonStyle="solid"
            aria-labelledby={`${id}theme`}
            value={theme}
            options={(["light", "dark", "system"] as const).map((value) => ({ value, label: t(value) }))}
            onChange={({ target }) => chooseTheme(target.value as ThemeChoice)}
          />
        </dd>
        <dt className="soft">{t("shortcuts")}</dt>
        <dd>
          <Button onClick={showSheet}>
            {t("showShortcuts")} <kbd>?</kbd>
          </Button>
        </dd>
      </dl>
    </Block>
  );
}

/** Who is logged in, what the role may do, the password, and how the console looks. */
export function ProfileScreen() {
  const t = useProfileTexts();
  const me = useMe();
  const can = useCan();
  const roleWord = useRoleWord();
  const logOut = useLogOut();
  if (!me) return null;
  const may = ACTIONS.filter((one) => me.actions.includes(one));
  const mayNot = ACTIONS.filter((one) => !me.actions.includes(one));
  return (
    <Screen
      title={t("title")}
      actions={
        <Button loading={logOut.isPending} onClick={() => logOut.mutate()}>
          {t("logOut")}
        </Button>
      }
    >
      <div className="profile-grid">
        <Block title={t("who")}>
          <div className="stack">
            <dl className="profile-facts">
              <dt className="soft">{t("username")}</dt>
              <dd>{me.username}</dd>
              <dt className="soft">{t("role")}</dt>
              <dd>{roleWord(me.role)}</dd>
            </dl>
            <section className="stack-small">
              <h3>{t("may")}</h3>
              <ActionList actions={may} may />
            </section>
            {mayNot.length > 0 && (
              <section className="stack-small">
                <h3>{t("mayNot")}</h3>
                <ActionList actions={mayNot} may={false} />
                <p className="soft small">{t("mayNotHint")}</p>
              </section>
            )}
            {can("token") && <Link to="/tokens">{t("tokens")}</Link>}
          </div>
        </Block>
        <PasswordBlock username={me.username} />
        <Preferences />
      </div>
    </Screen>
  );
}
