import { theme as antd, type ThemeConfig } from "antd";
import { useSyncExternalStore } from "react";
import { type ColourRole, colours, sizes } from "./tokens.gen";

export type Theme = "light" | "dark";
export type ThemeChoice = Theme | "system";
const KEPT = "muster.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const listeners = new Set<() => void>();

function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function shownTheme(): Theme {
  const choice = themeChoice();
  if (choice !== "system") return choice;
  return dark.matches ? "dark" : "light";
}

function apply(): void {
  document.documentElement.dataset["theme"] = shownTheme();
  for (const listener of listeners) listener();
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEPT, choice);
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useShownTheme = (): Theme => useSyncExternalStore(subscribe, shownTheme);
export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, themeChoice);

dark.addEventListener("change", apply);
apply();

const px = (token: keyof typeof sizes): number => Number.parseInt(sizes[token], 10);

/** The colour of a role in the theme that is shown, for what cannot read CSS variables (charts). */
export const colour = (role: ColourRole): string => colours[shownTheme()][role];

/** Our tokens in Ant Design's words. */
export function antdTheme(shown: Theme): ThemeConfig {
  const role = colours[shown];
  return {
    algorithm: shown === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: "muster" },
    token: {
      colorPrimary: role["accent-fill"],
      // Ant Design would lighten it, until the text on it can no longer be read.
      colorPrimaryHover: role["accent-fill"],
      colorPrimaryActive: role["accent-fill"],
      colorLink: role.accent,
      colorLinkHover: role.accent,
      colorInfo: role.accent,
      colorSuccess: role.ok,
      colorWarning: role.warning,
      colorError: role.failed,
      colorErrorText: role.failed,
      colorText: role.text,
      colorTextSecondary: role["text-soft"],
      colorTextTertiary: role["text-faint"],
      colorTextQuaternary: role["text-faint"],
      colorTextPlaceholder: role["text-faint"],
      colorTextDescription: role["text-soft"],
      colorTextHeading: role.text,
      colorTextLabel: role["text-soft"],
      colorBgBase: role.surface,
      colorBgContainer: role.surface,
      colorBgElevated: role.raised,
      colorBgLayout: role.ground,
      colorBorder: role["line-strong"],
      colorBorderSecondary: role.line,
      colorSplit: role.line,
      fontFamily: sizes.font,
      fontFamilyCode: sizes["font-mono"],
      fontSize: px("size"),
      borderRadius: px("radius"),
      borderRadiusLG: px("radius"),
      borderRadiusSM: px("radius"),
      controlHeight: px("row"),
      controlHeightSM: 24,
      motion: !still.matches,
      motionDurationSlow: "0.12s",
      motionDurationMid: "0.12s",
      motionDurationFast: "0.08s",
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        // The dark algorithm pales what is destructive, so that white would not be read on it.
        dangerColor: shown === "dark" ? role.ground : role["on-accent"],
        fontWeight: 600,
      },
      Dropdown: { colorError: role.failed },
      Form: {
        itemMarginBottom: px("space-4"),
        verticalLabelPadding: "0 0 4px",
        labelColor: role["text-soft"],
      },
      Tabs: {
        horizontalMargin: "0",
        horizontalItemPadding: "8px 0",
        itemSelectedColor: role.accent,
        itemHoverColor: role.accent,
        itemActiveColor: role.accent,
        inkBarColor: role.accent,
      },
      Modal: { titleFontSize: px("size-large") },
    },
  };
}
