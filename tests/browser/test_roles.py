"""Each role walks all screens that its rail shows: nothing is refused, and what it may not do is absent or named."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.domain.access.permissions import ROLES
from tests.support.console.desk import Desk
from tests.support.console.stage import Stage
from tests.support.console.words import Words

SCREENS = (
    "overview",
    "instances",
    "import",
    "bin",
    "credentials",
    "tags",
    "environments",
    "clusters",
    "audit",
    "users",
)
# What the rail of each role leaves out.
HIDDEN = {
    "viewer": {"import", "audit", "users"},
    "operator": {"audit", "users"},
    "dba": {"audit", "users"},
    "auditor": {"import", "users"},
    "admin": set(),
}


def rail(desk: Desk) -> list[str]:
    """Return the screens that the rail leads to."""
    frame = desk.page.get_by_role("navigation", name=desk.words("frame", "navigation"))
    # The first link is the name of the product, which leads to the overview.
    return [text.strip() for text in frame.get_by_role("link").all_inner_texts()][1:]


class TestEachRole:
    @pytest.mark.parametrize("role", ROLES)
    def test_walks_its_rail_and_meets_no_refusal(self, sit_down: Callable[..., Desk], words: Words, role: str) -> None:
        desk = sit_down(role).open("/")
        shown = rail(desk)

        for name in shown:
            desk.click("link", name, within=desk.page.get_by_role("navigation", name=words("frame", "navigation")))
            expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
            desk.settle()

        hidden = {name for name in SCREENS if words("frame", name) not in shown}
        assert hidden == HIDDEN[role]

    @pytest.mark.parametrize("role", ROLES)
    def test_opens_what_it_may_see_and_meets_no_refusal(
        self, sit_down: Callable[..., Desk], staged: Stage, role: str
    ) -> None:
        desk = sit_down(role)
        ids = staged.ids

        for path in ("ok", "refused", "deleted"):
            desk.open(f"/instances/{ids[path]}")
        for tab in ("changes", "commands", "details"):
            desk.open(f"/instances/{ids['ok']}?tab={tab}")
        desk.open(f"/credentials/{staged.credentials['monitor-prod']}")


class TestAViewer:
    def test_reads_why_it_may_not_check_or_edit(
        self, sit_down: Callable[..., Desk], staged: Stage, words: Words
    ) -> None:
        desk = sit_down("viewer").open(f"/instances/{staged.ids['ok']}")

        for action in ("check", "edit"):
            button = desk.find("button", words.before("instance", action)).first
            expect(button).to_be_disabled()
        desk.find("button", words("parts", "more")).click()
        expect(desk.find("menuitem", words("instance", "copyLink"))).to_be_visible()
        expect(desk.find("menuitem", words("instance", "delete"))).to_have_count(0)

    @pytest.mark.parametrize("path", ["/instances/new", "/import", "/audit", "/users"])
    def test_is_told_which_right_a_screen_takes(self, sit_down: Callable[..., Desk], words: Words, path: str) -> None:
        desk = sit_down("viewer").open(path)

        desk.says(words.around("parts", "forbidden"))
