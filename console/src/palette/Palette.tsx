import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { api, ask } from "@/api/client";
import { SCREENS } from "@/frame/screens";
import { useFrameTexts } from "@/frame/texts";
import { chooseLanguage } from "@/i18n/language";
import { useLanguage } from "@/i18n/texts";
import { useShortcuts } from "@/keys/keys";
import { useCan } from "@/session/me";
import { chooseTheme, useShownTheme } from "@/theme/theme";
import { useDetail } from "./detail";
import "./Palette.css";
import { usePaletteTexts } from "./texts";

/** Where a found thing is shown. */
function pathOf(type: string, id: number, name: string): string {
  const filtered = (key: string): string => `/instances?${key}=${encodeURIComponent(name)}`;
  switch (type) {
    case "instance":
      return `/instances/${id}`;
    case "credential":
      return `/credentials/${id}`;
    case "tag":
      return filtered("tags");
    case "cluster":
      return filtered("cluster");
    default:
      return filtered("environment");
  }
}

function useFound(text: string) {
  const wanted = useDeferredValue(text.trim());
  return useQuery({
    queryKey: ["search", wanted],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/search", { params: { query: { q: wanted, limit: 12 } }, signal }))).data.items,
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** Screens, things of the register and actions, by a part of their name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = usePaletteTexts();
  const frame = useFrameTexts();
  const detail = useDetail();
  const can = useCan();
  const navigate = useNavigate();
  const theme = useShownTheme();
  const language = useLanguage();
  const [text, setText] = useState("");
  const found = useFound(text);
  const here = useShortcuts().filter((one) => one.isAction);
  const go = (href: string) => (): void => {
    onClose();
    void navigate({ href });
  };
  const actions = [
    { label: frame("create"), run: go("/instances/new"), may: can("create") },
    { label: t("import"), run: go("/import"), may: can("create") },
    { label: t("checkFailed"), run: go("/instances?outcome=failed"), may: can("view") },
    { label: t("checkNever"), run: go("/instances?checked=false"), may: can("view") },
    {
      label: theme === "dark" ? t("toLight") : t("toDark"),
      run: () => chooseTheme(theme === "dark" ? "light" : "dark"),
      may: true,
    },
    {
      label: language === "zh" ? "English" : "中文",
      run: () => void chooseLanguage(language === "zh" ? "en" : "zh"),
      may: true,
    },
  ];
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      label={t("label")}
      loop
      overlayClassName="palette-mask"
      contentClassName="palette"
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={t("placeholder")}
        className="palette-input"
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">
          {found.isFetching ? t("searching") : t("nothing")}
        </Command.Empty>
        {(found.data ?? []).length > 0 && text.trim() !== "" && (
          <Command.Group heading={t("register")}>
            {(found.data ?? []).map((one) => (
              <Command.Item
                key={`${one.type}${one.id}`}
                value={`${one.type} ${one.id} ${one.name} ${text}`}
                onSelect={go(pathOf(one.type, one.id, one.name))}
              >
                <span className="cut">{one.name}</span>
                <span className="palette-detail faint small">
                  {one.detail && <span className="cut">{detail(one.type, one.detail)}</span>}
                  <span>{t(one.type)}</span>
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {here.length > 0 && (
          <Command.Group heading={t("here")}>
            {here.map((one) => (
              <Command.Item
                key={one.keys}
                value={`${t("here")} ${one.label}`}
                onSelect={() => {
                  onClose();
                  one.run();
                }}
              >
                {one.label}
                <span className="palette-keys">
                  <kbd>{one.keys}</kbd>
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading={t("actions")}>
          {actions
            .filter((one) => one.may)
            .map((one) => (
              <Command.Item
                key={one.label}
                onSelect={() => {
                  one.run();
                  onClose();
                }}
              >
                {one.label}
              </Command.Item>
            ))}
        </Command.Group>
        <Command.Group heading={t("screens")}>
          {SCREENS.filter((one) => one.needs === null || can(one.needs)).map((one) => (
            <Command.Item key={one.key} keywords={[one.path]} onSelect={go(one.path)}>
              {frame(one.key)}
              <span className="palette-keys">
                <kbd>g</kbd> <kbd>{one.letter}</kbd>
              </span>
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}
