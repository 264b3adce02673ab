"""Somebody at the console: a page, and the words of the language that is shown."""

import re
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

from tests.support.console.words import Words

_IS_SETTLED = """() => document.querySelector("h1") !== null
  && document.querySelector('[aria-busy="true"], .ant-skeleton, .ant-spin-spinning') === null"""
Name = str | re.Pattern[str]
Role = Literal[
    "button", "link", "textbox", "combobox", "checkbox", "radio", "menuitem", "option", "tab", "row", "switch"
]


class Desk:
    """Finds things as somebody with a screen reader does: by what they are and what they are called."""

    def __init__(self, page: Page, words: Words) -> None:
        self.page, self.words = page, words

    def open(self, path: str) -> "Desk":
        """Go to an address, and wait until the screen shows what it loads."""
        self.page.goto(path)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until nothing is loading."""
        self.page.wait_for_function(_IS_SETTLED)

    def find(self, role: Role, name: Name, *, within: Locator | None = None, **options: Any) -> Locator:
        """Return what has this role and name; a plain name is the whole name."""
        options.setdefault("exact", isinstance(name, str))
        return (within or self.page).get_by_role(role, name=name, **options)

    def click(self, role: Role, name: Name, *, within: Locator | None = None, **options: Any) -> None:
        self.find(role, name, within=within, **options).click()

    def dialog(self, title: Name) -> Locator:
        """Return the dialog of this title, once it is shown."""
        found = self.page.get_by_role("dialog", name=title)
        expect(found).to_be_visible()
        return found

    def heading(self, title: Name) -> None:
        """Expect the one heading of the screen."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def fill(self, label: Name, value: str, *, within: Locator | None = None) -> None:
        """Fill the field that has this label."""
        exact = isinstance(label, str)
        (within or self.page).get_by_label(label, exact=exact).and_(self.page.locator("input, textarea")).fill(value)

    def says(self, text: Name, *, within: Locator | None = None) -> None:
        """Expect a text to be shown, by itself or as a part of more."""
        expect((within or self.page).get_by_text(text).first).to_be_visible()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, label: Name, wanted: str, *, within: Locator | None = None) -> None:
        """Choose in a list that is searched by typing."""
        box = self.find("combobox", label, within=within)
        box.click()
        box.fill(wanted)
        option = self.page.locator(".ant-select-item-option-content").filter(has_text=wanted, visible=True)
        option.first.click()
