import { Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useState } from "react";
import { Logo } from "./Logo";
import "./Rail.css";
import { ScreenLink } from "./ScreenLink";
import { useMyScreens } from "./screens";
import { useFrameTexts } from "./texts";

const KEPT = "muster.rail";
const GROUPS = ["register", "labels", "people"] as const;

/** The screens that the role may see, as icons and words or as icons alone. */
export function Rail() {
  const t = useFrameTexts();
  const mine = useMyScreens();
  const [narrow, setNarrow] = useState(localStorage.getItem(KEPT) === "narrow");
  const toggle = (): void => {
    localStorage.setItem(KEPT, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  const Toggle = narrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav className={narrow ? "rail rail-narrow" : "rail"} aria-label={t("navigation")}>
      <Link to="/" className="rail-brand" aria-label={`Muster: ${t("overview")}`}>
        <Logo size={24} />
        <span className="rail-word">Muster</span>
      </Link>
      <div className="rail-groups">
        {GROUPS.map((group) => (
          <ul key={group}>
            {mine
              .filter((screen) => screen.group === group)
              .map((screen) => (
                <li key={screen.key}>
                  <ScreenLink screen={screen} titled={narrow} />
                </li>
              ))}
          </ul>
        ))}
      </div>
      <button
        type="button"
        className="rail-link rail-toggle"
        onClick={toggle}
        aria-expanded={!narrow}
        aria-label={narrow ? t("expand") : t("collapse")}
        title={narrow ? t("expand") : t("collapse")}
      >
        <Toggle size={16} aria-hidden="true" />
        <span className="rail-word">{t("collapseWord")}</span>
      </button>
    </nav>
  );
}
