"""Pictures of every screen, in both themes and languages, into build/screenshots; of the README's into docs/images.

Run: make screenshots [ARGUMENTS=--readme]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.support.console.desk import Desk
from tests.support.console.showcase import furnish_showcase
from tests.support.console.stage import LOOKS, Look, Stage, stage
from tests.support.console.words import Words

ROOT = Path(__file__).parents[3]
PICTURES, SHOWN = ROOT / "build" / "screenshots", ROOT / "docs" / "images"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
MOST_BYTES = 150_000

SCREENS = {
    "overview": "/",
    "instances": "/instances",
    "instances-filtered": "/instances?environment=production&outcome=failed",
    "instances-empty": "/instances?search=no-such-instance",
    "instance-ok": "/instances/{ok}",
    "instance-maria": "/instances/{maria}",
    "instance-refused": "/instances/{refused}",
    "instance-unknown-host": "/instances/{unknown}",
    "instance-never": "/instances/{never}",
    "instance-changes": "/instances/{ok}?tab=changes",
    "instance-commands": "/instances/{ok}?tab=commands",
    "instance-details": "/instances/{ok}?tab=details",
    "create": "/instances/new",
    "edit": "/instances/{ok}/edit",
    "import": "/import",
    "recycle-bin": "/recycle-bin",
    "credentials": "/credentials",
    "credential": "/credentials/{monitor-prod}",
    "tags": "/tags",
    "environments": "/environments",
    "clusters": "/clusters",
    "audit": "/audit",
    "audit-event": "/audit?event=60",
    "users": "/users",
    "tokens": "/tokens",
    "profile": "/profile",
    "about": "/about",
}
README = {
    "overview": ("overview", "light"),
    "instances": ("instances", "light"),
    "instance-refused": ("instance-refused", "light"),
    "instance-changes": ("instance-changes", "dark"),
    "instances-dark": ("instances-filtered", "dark"),
    "audit": ("audit-event", "light"),
}


def photograph(page: Page, here: Stage, look: Look, name: str) -> None:
    """Open a screen and wait until all of it is there."""
    Desk(page, Words(look.language)).open(SCREENS[name].format(**here.ids, **here.credentials))
    page.wait_for_load_state("networkidle")


def all_pictures(browser: Browser, here: Stage) -> None:
    """Write every screen in every look, wide and, of the first look, narrow."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        for size in (WIDE, NARROW) if look == LOOKS[0] else (WIDE,):
            context = here.context(browser, "admin", look, viewport=size)
            page = context.new_page()
            for name in SCREENS:
                photograph(page, here, look, name)
                narrow = "-narrow" if size is NARROW else ""
                page.screenshot(path=PICTURES / f"{name}-{look}{narrow}.png")
            context.close()


def readme_pictures(browser: Browser, here: Stage) -> None:
    """Write the few that stand in the README, small enough to be kept with the sources."""
    SHOWN.mkdir(parents=True, exist_ok=True)
    for name, (screen, theme) in README.items():
        look = Look("en", theme)
        context = here.context(browser, "admin", look, viewport=WIDE)
        page = context.new_page()
        photograph(page, here, look, screen)
        path = SHOWN / f"{name}.jpg"
        page.screenshot(path=path, type="jpeg", quality=72)
        context.close()
        assert path.stat().st_size <= MOST_BYTES, f"{path} is larger than {MOST_BYTES} bytes"


def main() -> None:
    with TemporaryDirectory() as folder, stage(Path(folder)) as here, sync_playwright() as playwright:
        furnish_showcase(here)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        (readme_pictures if "--readme" in sys.argv else all_pictures)(browser, here)
        browser.close()


if __name__ == "__main__":
    main()
