"""The list in somebody's hands: keys, the palette, views, addresses that are sent on, and what is done with many."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.console.desk import Desk
from tests.support.console.stage import Look, Stage
from tests.support.console.words import Words


@pytest.fixture(scope="module")
def shop(staged: Stage, look: Look) -> list[str]:
    """Three instances that only this module looks at, in the order of their names."""
    names = [f"keys-{look}-{number}" for number in (1, 2, 3)]
    tag = {"name": f"tagged-{look}", "color": "#1677ff"}
    staged.call("POST", "/tags", tag)
    for name in names:
        staged.create(name)
    return names


def listed(desk: Desk, look: Look) -> Desk:
    """Open the list on these three."""
    return desk.open(f"/instances?search=keys-{look}&sort=name")


def row_link(desk: Desk, name: str) -> Locator:
    return desk.page.locator("tbody").get_by_role("link", name=name, exact=True)


class TestTheKeys:
    def test_go_through_the_rows_select_and_open_one(
        self, sit_down: Callable[..., Desk], look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = listed(sit_down(), look)

        desk.press("j", "j")
        expect(row_link(desk, shop[1])).to_be_focused()
        desk.press("k")
        expect(row_link(desk, shop[0])).to_be_focused()
        desk.press("x")
        expect(
            desk.page.get_by_role("status").filter(has_text=words("instances.bulk", "selected", count=1))
        ).to_have_count(1)
        expect(desk.find("checkbox", words("parts", "selectRow", name=shop[0]))).to_be_checked()
        desk.press("Enter")

        desk.heading(shop[0])

    def test_lead_to_the_filter_to_screens_and_to_what_they_are(
        self, sit_down: Callable[..., Desk], look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = listed(sit_down(), look)
        box = desk.find("combobox", words("instances.filter", "label"))

        desk.press("/")
        expect(box).to_be_focused()
        desk.press("Escape", "Escape")
        desk.press("?")
        sheet = desk.dialog(words("keys", "title"))
        desk.says(words("frame", "goTo", screen=words("frame", "instances")), within=sheet)
        desk.press("Escape")
        expect(sheet).to_be_hidden()
        desk.press("g", "t")
        expect(desk.page).to_have_url(re.compile("/tags$"))
        desk.press("g", "i")

        desk.heading(words("instances", "title"))

    def test_open_the_palette_which_finds_an_instance(
        self, sit_down: Callable[..., Desk], words: Words, shop: list[str]
    ) -> None:
        desk = sit_down().open("/tags")

        desk.press("Control+k")
        desk.page.get_by_placeholder(words("palette", "placeholder")).fill(shop[2])
        expect(desk.page.get_by_role("option", name=shop[2])).to_contain_text("PostgreSQL 127.0.0.1:")
        desk.press("Enter")

        desk.heading(shop[2])


class TestAView:
    def test_is_kept_under_its_name_and_its_address_shows_a_colleague_the_same(
        self, sit_down: Callable[..., Desk], look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = listed(sit_down(), look)

        desk.click("button", words("instances", "saveView"))
        naming = desk.dialog(words("instances", "saveView"))
        desk.fill(words("instances", "viewName"), "Mine to see", within=naming)
        desk.click("button", words("instances", "save"), within=naming)
        desk.open("/instances")
        desk.click("link", "Mine to see")
        expect(desk.page.locator("tbody tr")).to_have_count(3)
        colleague = sit_down("operator").open(desk.page.url)

        assert colleague.find("combobox", words("instances.filter", "label")).input_value() == f"keys-{look}"
        expect(colleague.page.locator("tbody tr")).to_have_count(3)
        expect(row_link(colleague, shop[0])).to_be_visible()


class TestWhatIsTyped:
    def test_is_the_address_and_what_is_not_understood_is_named(
        self, sit_down: Callable[..., Desk], look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = sit_down().open("/instances")
        box = desk.find("combobox", words("instances.filter", "label"))

        box.fill(f"keys-{look} db_type:postgresql")
        box.press("Enter")
        expect(desk.page.locator("tbody tr")).to_have_count(3)
        expect(desk.page).to_have_url(re.compile(r"db_type=postgresql"))
        box.fill("port:many")
        box.press("Enter")

        desk.says(words("instances.filter", "number"))


class TestManyAtOnce:
    def test_get_a_tag(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = listed(sit_down(), look)

        for name in shop[:2]:
            desk.find("checkbox", words("parts", "selectRow", name=name)).check()
        desk.click("button", words("instances.bulk", "tag"))
        dialog = desk.dialog(words("instances.bulk", "titleTag", count=2))
        choice = desk.find("combobox", words.before("instances.bulk", "tags"), within=dialog)
        choice.fill(f"tagged-{look}")
        desk.page.locator(".ant-select-item-option").filter(has_text=f"tagged-{look}").click()
        choice.press("Escape")
        desk.fill(words("forms", "reason"), "sorted by team", within=dialog)
        desk.fill(words("forms", "ticket"), "DBA-2044", within=dialog)
        desk.click("button", words("instances.bulk", "tag"), within=dialog)

        desk.says(words("instances.bulk", "doneTag", count=2))
        found = staged.call("GET", f"/instances?tags=tagged-{look}")["items"]
        assert sorted(one["name"] for one in found) == shop[:2]
        changes = [staged.call("GET", f"/instances/{one['id']}/history")["items"][0] for one in found]
        assert [(one["reason"], one["ticket"]) for one in changes] == [("sorted by team", "DBA-2044")] * 2

    def test_are_checked_and_the_bar_tells_how_it_ended_and_shows_those_that_failed(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words, shop: list[str]
    ) -> None:
        reached = f"keys-{look}-reached"
        staged.create(reached, port=staged.postgresql.port)
        desk = listed(sit_down(), look)

        desk.find("checkbox", words("parts", "selectAll")).check()
        desk.click("button", words("instances.bulk", "check"))
        dialog = desk.dialog(words("instances.bulk", "titleCheck", count=4))
        desk.click("button", words("instances.bulk", "check"), within=dialog)

        desk.says(words("checks.run", "finished", total=4))
        desk.says(f"{words('parts', 'failed')} 3")
        desk.click("link", words("instances.bulk", "showFailed"))
        expect(row_link(desk, reached)).to_have_count(0)
        expect(desk.page.locator("tbody a[data-row-link]")).to_have_text(shop)


class TestANarrowWindow:
    def test_shows_at_which_side_the_table_goes_on(
        self, sit_down: Callable[..., Desk], look: Look, words: Words, shop: list[str]
    ) -> None:
        desk = listed(sit_down(viewport={"width": 360, "height": 740}), look)
        frame = desk.page.get_by_role("region", name=words("instances", "caption"))
        left, right = desk.page.locator(".table-edge-left"), desk.page.locator(".table-edge-right")

        expect(right).to_be_visible()
        expect(left).to_have_count(0)
        frame.evaluate("frame => frame.scrollBy(90, 0)")
        expect(left).to_be_visible()
        expect(right).to_be_visible()
        frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, 0)")

        expect(left).to_be_visible()
        expect(right).to_have_count(0)
