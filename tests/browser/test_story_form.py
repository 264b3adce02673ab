"""The form in somebody's hands: every engine is registered by it, two people meet in it, and nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.api import PASSWORD
from tests.support.console.desk import Desk
from tests.support.console.stage import Look, Stage
from tests.support.console.words import Words

# What the form asks for beside name, host and port.
ENGINES = {
    "postgresql": ("PostgreSQL", {}),
    "mysql": ("MySQL", {}),
    "mariadb": ("MariaDB", {}),
    "sqlserver": ("SQL Server", {"instance_name": "SQLEXPRESS"}),
    "oracle": ("Oracle", {"service_name": "ORCL"}),
}


def field(desk: Desk, name: str):
    return desk.find("textbox", desk.words("words.fields", name))


class TestTheForm:
    @pytest.mark.parametrize("db_type", ENGINES)
    def test_registers_an_instance_of_each_engine(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words, db_type: str
    ) -> None:
        shown, more = ENGINES[db_type]
        name = f"made-{db_type}-{look}"
        desk = sit_down("operator").open("/instances/new")

        field(desk, "name").fill(name)
        desk.choose(words("words.fields", "db_type"), shown)
        field(desk, "host").fill(f"{db_type}.{look}.example.com")
        for key, value in more.items():
            field(desk, key).fill(value)
        desk.click("button", words("edit", "create"))

        desk.heading(name)
        found = staged.call("GET", f"/instances?name={name}")["items"]
        assert [one["db_type"] for one in found] == [db_type]

    @pytest.mark.provokes(400)
    def test_says_beside_the_field_what_is_wrong(self, sit_down: Callable[..., Desk], words: Words) -> None:
        desk = sit_down("operator").open("/instances/new")

        field(desk, "name").fill("no spaces")
        field(desk, "host").fill("db.example.com")
        desk.choose(words("words.fields", "db_type"), "PostgreSQL")
        desk.click("button", words("edit", "create"))

        expect(field(desk, "name")).to_have_attribute("aria-invalid", "true")
        expect(field(desk, "name")).to_be_focused()
        expect(field(desk, "host")).to_have_value("db.example.com")

    @pytest.mark.parametrize("wrong", ["https://db1:5432", "jdbc:postgresql://db1/shop", "db1:5432"])
    def test_says_that_a_host_is_none_as_soon_as_it_is_left(
        self, sit_down: Callable[..., Desk], words: Words, wrong: str
    ) -> None:
        desk = sit_down("operator").open("/instances/new")
        host = field(desk, "host")

        host.fill(wrong)
        expect(host).not_to_have_attribute("aria-invalid", "true")
        host.press("Tab")
        expect(host).to_have_attribute("aria-invalid", "true")
        desk.says(words("edit", "hostFormat"))
        host.fill("db1")

        expect(host).not_to_have_attribute("aria-invalid", "true")

    def test_keeps_a_tag_that_was_taken_by_enter_when_tab_leads_on(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        staged.call("POST", "/tags", {"name": f"taken-{look}"})
        desk = sit_down("operator").open("/instances/new")
        tags = desk.find("combobox", words("words.fields", "tags"))

        tags.fill(f"taken-{look}")
        expect(desk.page.locator(".ant-select-item-option")).to_have_text([f"taken-{look}"])
        tags.press("Enter")
        chosen = desk.page.locator(".ant-select-selection-item", has_text=f"taken-{look}")
        expect(chosen).to_be_visible()
        tags.press("Tab")

        expect(tags).not_to_be_focused()
        expect(chosen).to_be_visible()


class TestTwoTabs:
    @pytest.mark.provokes(412)
    def test_meet_and_both_changes_are_kept(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"shared-{look}", owner="team-a")
        mine, theirs = sit_down("operator"), sit_down("dba")
        for desk in (mine, theirs):
            desk.open(f"/instances/{made}/edit")

        field(theirs, "owner").fill("team-theirs")
        field(theirs, "location").fill("fra-1")
        theirs.click("button", words("edit", "save"))
        theirs.heading(f"shared-{look}")
        field(mine, "owner").fill("team-mine")
        field(mine, "contact").fill("me@example.com")
        mine.click("button", words("edit", "save"))
        conflict = mine.dialog(words("edit.write", "conflictTitle"))
        mine.says(words("edit.write", "conflictBy", name="dba", version=2)[:-1], within=conflict)
        save = mine.find("button", words("edit.write", "saveMerged"), within=conflict)
        expect(save).to_be_disabled()
        owner = words("words.fields", "owner")
        mine.find("radio", words("edit.write", "takeMine", field=owner), within=conflict).check()
        save.click()

        mine.heading(f"shared-{look}")
        merged = staged.call("GET", f"/instances/{made}")["instance"]
        assert (merged["owner"], merged["location"], merged["contact"]) == ("team-mine", "fra-1", "me@example.com")

    @pytest.mark.provokes(412)
    def test_of_one_person_are_not_called_somebody_else(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"own-{look}", owner="team-a")
        first, second = sit_down("operator"), sit_down("operator")
        for desk in (first, second):
            desk.open(f"/instances/{made}/edit")

        field(first, "owner").fill("team-first")
        first.click("button", words("edit", "save"))
        first.heading(f"own-{look}")
        field(second, "owner").fill("team-second")
        second.click("button", words("edit", "save"))

        conflict = second.dialog(words("edit.write", "conflictTitle"))
        second.says(words("edit.write", "conflictOwn", version=2)[:-1], within=conflict)

    @pytest.mark.provokes(412)
    def test_of_one_person_meet_over_a_tag(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.call("POST", "/tags", {"name": f"own-tag-{look}"})["tag"]["id"]
        desk = sit_down("admin").open(f"/tags?open={made}")
        drawer = desk.dialog(words("labels", "editTag", name=f"own-tag-{look}"))
        staged.call("PATCH", f"/tags/{made}", {"description": "from a script"})

        desk.fill(words("labels", "description"), "typed", within=drawer)
        desk.click("button", words("parts", "save"), within=drawer)

        desk.says(words("changes", "byOwn"), within=drawer)


class TestASessionThatEnds:
    @pytest.mark.provokes(401)
    def test_loses_nothing_of_a_filled_form(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        desk = sit_down(None).open("/login")
        desk.page.get_by_label(words("session", "username")).fill("operator")
        desk.page.locator("input[type=password]").fill(PASSWORD)
        desk.click("button", words("session", "logIn"))
        expect(desk.page).to_have_url(re.compile(r"/$"))
        desk.open("/instances/new")
        name = f"typed-{look}"
        field(desk, "name").fill(name)
        field(desk, "host").fill("typed.example.com")
        desk.choose(words("words.fields", "db_type"), "PostgreSQL")

        desk.page.context.clear_cookies()
        desk.click("button", words("edit", "create"))
        dialog = desk.dialog(words("session", "ended"))
        dialog.locator("input[type=password]").fill(PASSWORD)
        desk.click("button", words("session", "logIn"), within=dialog)
        expect(dialog).to_be_hidden()
        expect(field(desk, "name")).to_have_value(name)
        desk.click("button", words("edit", "create"))

        desk.heading(name)
        assert len(staged.call("GET", f"/instances?name={name}")["items"]) == 1
