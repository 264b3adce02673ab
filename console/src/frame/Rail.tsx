import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useState } from "react";
import { useCan } from "@/session/me";
import { Logo } from "./Logo";
import "./Rail.css";
import { SCREENS } from "./screens";
import { useFrameTexts } from "./texts";

const KEPT = "muster.rail";
const GROUPS = ["register", "labels", "people"] as const;

/** The screens that the role may see, as icons and words or as icons alone. */
export function Rail() {
  const t = useFrameTexts();
  const can = useCan();
  const [narrow, setNarrow] = useState(localStorage.getItem(KEPT) === "narrow");
  const toggle = (): void => {
    localStorage.setItem(KEPT, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  return (
    <nav className={narrow ? "rail rail-narrow" : "rail"} aria-label={t("navigation")}>
      <Link to="/" className="rail-brand" aria-label={`Muster: ${t("overview")}`}>
        <Logo size={24} />
        <span className="rail-word">Muster</span>
      </Link>
      <div className="rail-groups">
        {GROUPS.map((group) => (
          <ul key={group}>
            {SCREENS.filter((one) => one.group === group && (one.needs === null || can(one.needs))).map(
              ({ key, path, icon: Icon }) => (
                <li key={key}>
                  <Link
                    to={path}
                    className="rail-link"
                    activeProps={{ className: "rail-link rail-here", "aria-current": "page" }}
                    activeOptions={{ exact: path === "/", includeSearch: false }}
                    title={narrow ? t(key) : undefined}
                  >
                    <Icon size={16} aria-hidden="true" />
                    <span className="rail-word">{t(key)}</span>
                  </Link>
                </li>
              ),
            )}
          </ul>
        ))}
      </div>
      <button type="button" className="rail-link rail-toggle" onClick={toggle} aria-expanded={!narrow}>
        {narrow ? (
          <PanelLeftOpen size={16} aria-hidden="true" />
        ) : (
          <PanelLeftClose size={16} aria-hidden="true" />
        )}
        <span className="rail-word">{narrow ? t("expand") : t("collapse")}</span>
      </button>
    </nav>
  );
}
