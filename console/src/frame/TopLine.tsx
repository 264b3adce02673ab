import { useNavigate } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { Search, UserRound } from "lucide-react";
import { useMe } from "@/session/me";
import { useLogOut } from "@/session/useLogOut";
import { LanguageSwitch } from "./LanguageSwitch";
import { useFrameTexts } from "./texts";
import { ThemeSwitch } from "./ThemeSwitch";
import "./TopLine.css";

function Account() {
  const t = useFrameTexts();
  const me = useMe();
  const navigate = useNavigate();
  const logOut = useLogOut();
  if (!me) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "who", type: "group", label: `${me.username} · ${me.role}` },
          { key: "profile", label: t("profile"), onClick: () => void navigate({ to: "/profile" }) },
          { type: "divider" },
          { key: "out", label: t("logOut"), onClick: () => logOut.mutate() },
        ],
      }}
    >
      <Button
        type="text"
        icon={<UserRound size={16} aria-hidden="true" />}
        aria-label={t("account", { name: me.username })}
      >
        <span className="top-name">{me.username}</span>
      </Button>
    </Dropdown>
  );
}

/** The palette's box, language, theme and the caller. */
export function TopLine({ onFind }: { onFind: () => void }) {
  const t = useFrameTexts();
  return (
    <header className="top">
      <button type="button" className="top-find" onClick={onFind}>
        <Search size={14} aria-hidden="true" />
        <span className="top-find-word">{t("find")}</span>
        <kbd>{/mac/i.test(navigator.platform) ? "⌘ K" : "Ctrl K"}</kbd>
      </button>
      <div className="top-right">
        <LanguageSwitch />
        <ThemeSwitch />
        <Account />
      </div>
    </header>
  );
}
