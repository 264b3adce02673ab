import { useRouterState } from "@tanstack/react-router";
import { Drawer } from "antd";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { usePartTexts } from "@/parts/texts";
import "./PhoneBar.css";
import { ScreenLink } from "./ScreenLink";
import { isWithin, useMyScreens } from "./screens";
import { useFrameTexts } from "./texts";

/** As many as a thumb finds on the narrowest screen, beside "More". */
const AT_HAND = 4;

/** The rail of a narrow screen: the first screens at hand, all others behind "More". */
export function PhoneBar() {
  const t = useFrameTexts();
  const part = usePartTexts();
  const mine = useMyScreens();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [open, setOpen] = useState(false);
  const rest = mine.slice(AT_HAND);
  const here = rest.find((screen) => isWithin(path, screen));
  return (
    <nav className="phone-bar" aria-label={t("navigation")}>
      <ul>
        {mine.slice(0, AT_HAND).map((screen) => (
          <li key={screen.key}>
            <ScreenLink screen={screen} />
          </li>
        ))}
        <li>
          <button
            type="button"
            className={here ? "rail-link rail-here" : "rail-link"}
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => setOpen(true)}
          >
            <Ellipsis size={16} aria-hidden="true" />
            <span className="rail-word">{t("more")}</span>
          </button>
        </li>
      </ul>
      <Drawer
        open={open}
        placement="bottom"
        size="auto"
        title={t("navigation")}
        closable={{ "aria-label": part("close") }}
        onClose={() => setOpen(false)}
      >
        <ul className="phone-bar-more">
          {rest.map((screen) => (
            <li key={screen.key}>
              <ScreenLink screen={screen} onClick={() => setOpen(false)} />
            </li>
          ))}
        </ul>
      </Drawer>
    </nav>
  );
}
