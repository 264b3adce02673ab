import { Button, Dropdown } from "antd";
import { Monitor, Moon, Sun } from "lucide-react";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "@/theme/theme";
import { useFrameTexts } from "./texts";

const ICONS = { light: Sun, dark: Moon, system: Monitor };

export function ThemeSwitch() {
  const t = useFrameTexts();
  const choice = useThemeChoice();
  const Icon = ICONS[choice];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [choice],
        items: (["light", "dark", "system"] as const).map((key) => ({ key, label: t(key) })),
        onClick: ({ key }) => chooseTheme(key as ThemeChoice),
      }}
    >
      <Button
        type="text"
        icon={<Icon size={16} aria-hidden="true" />}
        aria-label={`${t("theme")}: ${t(choice)}`}
        title={t("theme")}
      />
    </Dropdown>
  );
}
