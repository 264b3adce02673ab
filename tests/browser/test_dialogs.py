"""The main dialogs, drawers and menus: each is found by its name, keeps to the guidelines, and gives the focus back."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.support.console import axe
from tests.support.console.desk import Desk
from tests.support.console.stage import Stage
from tests.support.console.words import Words

Text = tuple[str, str]


@dataclass(frozen=True)
class Opened:
    """Where a dialog is opened, by which buttons or menu items one after the other, and its title."""

    path: str
    clicks: tuple[Text, ...]
    title: Text
    keys: tuple[str, ...] = ()


DIALOGS = {
    "keys": Opened("/instances", (), ("keys", "title"), keys=("?",)),
    "palette": Opened("/instances", (), ("palette", "label"), keys=("Control+k",)),
    "bulk-check": Opened(
        "/instances", (("instances.bulk", "check"),), ("instances.bulk", "titleCheck"), keys=("j", "x")
    ),
    "bulk-tag": Opened("/instances", (("instances.bulk", "tag"),), ("instances.bulk", "titleTag"), keys=("j", "x")),
    "bulk-delete": Opened(
        "/instances", (("instances.bulk", "delete"),), ("instances.bulk", "titleDelete"), keys=("j", "x")
    ),
    "view": Opened("/instances?owner=x", (("instances", "saveView"),), ("instances", "saveView")),
    "delete": Opened(
        "/instances/{ok}", (("parts", "more"), ("instance", "delete")), ("instances.actions", "deleteTitle")
    ),
    "mute": Opened("/instances/{ok}", (("parts", "more"), ("instance", "mute")), ("instance", "muteTitle")),
    "purge": Opened("/instances/{deleted}", (("instance", "purge"),), ("instances.actions", "purgeTitle")),
    "revert": Opened("/instances/{ok}?tab=changes", (("instance.tabs", "revert"),), ("changes", "revertTitle")),
    "tag": Opened("/tags", (("labels", "newTag"),), ("labels", "newTag")),
    "environment": Opened("/environments", (("labels", "newEnvironment"),), ("labels", "newEnvironment")),
    "cluster": Opened("/clusters", (("labels", "newCluster"),), ("labels", "newCluster")),
    "credential": Opened("/credentials", (("credentials", "create"),), ("credentials", "create")),
    "rotate": Opened("/credentials/{described}", (("credentials", "rotate"),), ("credentials", "rotateTitle")),
    "user": Opened("/users", (("users", "create"),), ("users", "create")),
    "token": Opened("/tokens", (("tokens", "create"),), ("tokens", "create")),
    "event": Opened("/audit?event=1", (), ("audit", "eventTitle")),
}


def named(words: Words, title: Text):
    """Return a pattern for a title in singular, with whatever it names."""
    feature, key = title
    return words.around(feature, key)


class TestADialog:
    @pytest.mark.parametrize("name", DIALOGS)
    def test_keeps_to_the_guidelines_of_accessibility(
        self, sit_down: Callable[..., Desk], staged: Stage, words: Words, name: str
    ) -> None:
        wanted = DIALOGS[name]
        desk = sit_down().open(wanted.path.format(**staged.ids, **staged.credentials))

        desk.press(*wanted.keys)
        for step, (feature, key) in enumerate(wanted.clicks):
            role = "menuitem" if step == 1 else "button"
            desk.find(role, words.before(feature, key)).first.click()
        dialog = desk.page.get_by_role("dialog", name=named(words, wanted.title))
        expect(dialog).to_be_visible()
        desk.settle()
        found = axe.violations(desk.page)
        assert not found, "\n".join(found)
        _stays_inside(desk.page)
        desk.press("Escape")

        expect(dialog).to_be_hidden()


def _stays_inside(page: Page) -> None:
    """Expect that a narrow window holds the dialog as well."""
    page.set_viewport_size({"width": 360, "height": 740})
    widest = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 720})
    assert widest <= 360
