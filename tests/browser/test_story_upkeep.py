"""What an administrator looks after: who is left to do so, and where credentials may still go."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.support.api import PASSWORD
from tests.support.console.desk import Desk
from tests.support.console.stage import Look, Stage
from tests.support.console.words import Words


class TestTheLastAdministrator:
    def test_is_told_why_before_anything_is_refused(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        desk = sit_down("admin").open("/users")
        row = self.row(desk)
        for act in ("disable", "changeRole"):
            button = desk.find("button", words("users", act), within=row)
            expect(button).to_be_disabled()
            button.focus()
            expect(button).to_have_accessible_description(words("users", "lastAdmin"))

        other = {"username": f"second-{look}", "password": PASSWORD, "role": "admin"}
        made = staged.call("POST", "/users", other)["user"]["id"]
        try:
            desk.open("/users")
            expect(desk.find("button", words("users", "disable"), within=self.row(desk))).to_be_enabled()
        finally:
            staged.call("POST", f"/users/{made}/disable", {})

    @staticmethod
    def row(desk: Desk) -> Locator:
        return desk.page.get_by_role("row").filter(has=desk.page.get_by_text("admin", exact=True))


class TestABinding:
    def test_that_an_instance_has_moved_away_from_is_seen_and_removed(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        credential = staged.credential(f"moving-{look}", "monitor", "of no use", bindings={})
        made = staged.create(f"moving-{look}", host="192.0.2.7", port=5432, credential_id=credential)
        staged.call("PATCH", f"/instances/{made}", {"host": "192.0.2.8"})
        desk = sit_down("admin").open(f"/credentials/{credential}")

        entries = desk.page.locator(".credential-entry")
        old, new = (entries.filter(has_text=f"192.0.2.{number}:5432") for number in (7, 8))
        desk.says(words("credentials", "withinNone"), within=old)
        desk.says(words("credentials", "within", count=1), within=new)
        entry = "PostgreSQL 192.0.2.7:5432"
        desk.click("button", words("credentials", "remove", entry=entry), within=old)
        dialog = desk.dialog(words("credentials", "removeTitle", entry=entry))
        desk.says(words("credentials", "removeUnused", name=f"moving-{look}"), within=dialog)
        desk.click("button", words("credentials", "removeDo"), within=dialog)

        expect(old).to_have_count(0)
        expect(new).to_have_count(1)
