"""Every screen: no rule of accessibility broken, no width too narrow, and what people wrote stays text."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from app.core import clock
from tests.support.console import axe
from tests.support.console.desk import Desk
from tests.support.console.stage import MARKUP, Look, Stage
from tests.support.console.watching import Watch
from tests.support.console.words import Words


@dataclass(frozen=True)
class Shown:
    """An address, and whether markup of ours must be seen on it as text; `{name}` is the id of an instance."""

    path: str
    tells: bool = False
    role: str | None = "admin"
    refused: tuple[int, ...] = ()


SCREENS = {
    "login": Shown("/login", role=None, refused=(401,)),
    "overview": Shown("/"),
    "instances": Shown("/instances"),
    "instances-nothing-found": Shown("/instances?search=no-such-instance"),
    "instances-faulty-filter": Shown("/instances?port=many"),
    "instance-ok": Shown("/instances/{ok}", tells=True),
    "instance-refused": Shown("/instances/{refused}", tells=True),
    "instance-closed": Shown("/instances/{closed}", tells=True),
    "instance-told": Shown("/instances/{told}", tells=True),
    "instance-never": Shown("/instances/{never}"),
    "instance-deleted": Shown("/instances/{deleted}", tells=True),
    "instance-changes": Shown("/instances/{ok}?tab=changes", tells=True),
    "instance-commands": Shown("/instances/{ok}?tab=commands"),
    "instance-details": Shown("/instances/{ok}?tab=details", tells=True),
    "instance-as-of": Shown("/instances/{ok}?as_of={now}"),
    "instance-unknown": Shown("/instances/999999", refused=(404,)),
    "create": Shown("/instances/new"),
    "edit": Shown("/instances/{ok}/edit"),
    "import": Shown("/import"),
    "recycle-bin": Shown("/recycle-bin", tells=True),
    "tags": Shown("/tags", tells=True),
    "environments": Shown("/environments"),
    "clusters": Shown("/clusters", tells=True),
    "credentials": Shown("/credentials"),
    "credential": Shown("/credentials/{described}", tells=True),
    "audit": Shown("/audit"),
    "users": Shown("/users"),
    "tokens": Shown("/tokens"),
    "profile": Shown("/profile"),
    "about": Shown("/about"),
    "nowhere": Shown("/nowhere/at/all"),
}


@pytest.fixture(scope="module", params=SCREENS)
def screen(request: pytest.FixtureRequest) -> Shown:
    return SCREENS[request.param]


@pytest.fixture(scope="module")
def opened(browser: Browser, staged: Stage, look: Look, words: Words, screen: Shown) -> Iterator[tuple[Page, Watch]]:
    """The screen, opened once for all that is asked of it."""
    context = staged.context(browser, screen.role, look, viewport={"width": 1280, "height": 900})
    watch = Watch().over(context)
    page = context.new_page()
    places = {**staged.ids, **staged.credentials, "now": f"{clock.now():%FT%TZ}"}
    Desk(page, words).open(screen.path.format(**places))
    yield page, watch
    context.close()


class TestEveryScreen:
    def test_keeps_to_the_guidelines_of_accessibility(self, opened: tuple[Page, Watch]) -> None:
        found = axe.violations(opened[0])

        assert not found, "\n".join(found)

    def test_never_scrolls_sideways(self, opened: tuple[Page, Watch]) -> None:
        page, _ = opened
        widest = {}

        for width in (360, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            widest[width] = page.evaluate("document.scrollingElement.scrollWidth")

        assert [width for width, shown in widest.items() if shown > width] == []

    def test_shows_as_text_what_people_and_servers_wrote(self, opened: tuple[Page, Watch], screen: Shown) -> None:
        page, _ = opened

        assert page.locator("[onerror]").count() == 0
        if screen.tells:
            assert page.get_by_text(MARKUP).count() > 0

    def test_breaks_no_rule_of_its_own(self, opened: tuple[Page, Watch], screen: Shown, staged: Stage) -> None:
        opened[1].saw_nothing_wrong(staged.host, refused=set(screen.refused))
