import { Link } from "@tanstack/react-router";
import type { ScreenEntry } from "./screens";
import { useFrameTexts } from "./texts";

/** The way to a screen, marked where it is the one that is shown. */
export function ScreenLink({
  screen: { key, path, icon: Icon },
  titled = false,
  onClick,
}: {
  screen: ScreenEntry;
  /** Whether the word must be told on hover, because the eye does not see it. */
  titled?: boolean;
  onClick?: () => void;
}) {
  const t = useFrameTexts();
  return (
    <Link
      to={path}
      className="rail-link"
      activeProps={{ className: "rail-link rail-here", "aria-current": "page" }}
      activeOptions={{ exact: path === "/", includeSearch: false }}
      title={titled ? t(key) : undefined}
      onClick={onClick}
    >
      <Icon size={16} aria-hidden="true" />
      <span className="rail-word">{t(key)}</span>
    </Link>
  );
}
