"""What was done, in somebody's hands: deleted and undone, restored and purged, reverted, seen as of a time, audited."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.support.console.desk import Desk
from tests.support.console.stage import Look, Stage
from tests.support.console.words import Words
from tests.support.server import run


def delete(desk: Desk, name: str, reason: str = "", ticket: str = "") -> None:
    """Delete the instance whose page is shown."""
    words = desk.words
    desk.click("button", words("parts", "more"))
    desk.click("menuitem", words("instance", "delete"))
    dialog = desk.dialog(words("instances.actions", "deleteTitle", name=name))
    desk.fill(words("forms", "reason"), reason, within=dialog)
    desk.fill(words("forms", "ticket"), ticket, within=dialog)
    desk.click("button", words("instances.actions", "deleteDo"), within=dialog)
    desk.says(words("instances.actions", "deleted", name=name))


def changes(desk: Desk, instance_id: int) -> Locator:
    """Open the history of an instance; the newest change comes first."""
    desk.open(f"/instances/{instance_id}?tab=changes")
    found = desk.page.get_by_role("list", name=desk.words("instance.tabs", "changesOf")).get_by_role("listitem")
    return found.filter(has=desk.find("button", desk.words("instance.tabs", "asOf")))


class TestADeletion:
    def test_is_undone_at_once(self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words) -> None:
        name = f"undone-{look}"
        made = staged.create(name)
        desk = sit_down("dba").open(f"/instances/{made}")

        delete(desk, name)
        desk.click("button", words("instances.actions", "undo"))
        desk.says(words("instances.actions", "restored", name=name))

        assert staged.call("GET", f"/instances/{made}")["instance"]["deleted_at"] is None

    def test_waits_in_the_recycle_bin_with_its_reason_and_is_restored(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        name = f"binned-{look}"
        made = staged.create(name)
        desk = sit_down("dba").open(f"/instances/{made}")

        delete(desk, name, "replaced: 迁移", "DBA-2041")
        desk.open("/recycle-bin")
        row = desk.page.get_by_role("row").filter(has_text=name)
        desk.says("replaced: 迁移", within=row)
        desk.says("dba", within=row)
        expect(desk.find("button", words("bin", "purgeOne", name=name))).to_be_disabled()
        desk.click("button", words("bin", "restoreOne", name=name))
        expect(row).to_have_count(0)
        desk.open(f"/instances/{made}")

        desk.heading(name)
        expect(desk.find("button", words.before("instance", "edit"))).to_be_enabled()
        deleted = staged.call("GET", f"/instances/{made}/history")["items"][1]
        assert (deleted["action"], deleted["reason"], deleted["ticket"]) == (
            "instance.delete",
            "replaced: 迁移",
            "DBA-2041",
        )

    def test_asks_nobody_to_check_what_waits_in_the_bin(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"unchecked-{look}")
        desk = sit_down("dba").open(f"/instances/{made}")
        hints = [words("instance.check", "neverHint"), words("instance.tabs", "noChecksHint")]
        for hint in hints:
            desk.says(hint)

        staged.call("POST", f"/instances/{made}/delete", {})
        desk.open(f"/instances/{made}")

        desk.says(words("instance.check", "never"))
        for hint in hints:
            expect(desk.page.get_by_text(hint)).to_have_count(0)

    def test_shows_its_port_however_long_its_host_is(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look
    ) -> None:
        name = f"far-{look}"
        made = staged.create(name, host="a-host-with-a-long-name.in-a-data-centre.example.com", port=15432)
        staged.call("POST", f"/instances/{made}/delete", {})

        desk = sit_down("dba").open("/recycle-bin")

        cell = desk.page.get_by_role("row").filter(has_text=name).get_by_role("cell").filter(has_text="15432")
        port = cell.get_by_text(":15432", exact=True).bounding_box()
        room = cell.bounding_box()
        assert port
        assert room
        assert port["width"] > 0
        assert port["x"] + port["width"] <= room["x"] + room["width"]

    def test_becomes_final_once_the_name_is_typed(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        name = f"purged-{look}"
        made = staged.create(name)
        staged.call("POST", f"/instances/{made}/delete", {})
        desk = sit_down("admin").open("/recycle-bin")

        desk.click("button", words("bin", "purgeOne", name=name))
        dialog = desk.dialog(words("instances.actions", "purgeTitle", name=name))
        purge = desk.find("button", words("instances.actions", "purgeDo"), within=dialog)
        typed = dialog.get_by_label(words.before("instances.actions", "purgeType"))
        typed.fill(name[:-1])
        expect(purge).to_be_disabled()
        typed.fill(name)
        desk.fill(words("forms", "reason"), "retired", within=dialog)
        desk.fill(words("forms", "ticket"), "DBA-2043", within=dialog)
        purge.click()

        desk.says(words("instances.actions", "purgeDone", name=name))
        answer = staged.admin.get(f"/api/v1/instances/{made}")
        assert answer.status_code == 404
        last = staged.call("GET", f"/audit-events?entity_type=instance&entity_id={made}&limit=1")["items"][0]
        assert (last["action"], last["reason"], last["ticket"]) == ("instance.purge", "retired", "DBA-2043")


class TestAChange:
    def test_is_undone_from_the_history(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"reverted-{look}", owner="team-before")
        staged.call("PATCH", f"/instances/{made}", {"owner": "team-after"})
        desk = sit_down("operator")

        newest = changes(desk, made).first
        desk.says("team-after", within=newest)
        desk.click("button", words("instance.tabs", "revert"), within=newest)
        dialog = desk.dialog(words.around("changes", "revertTitle"))
        desk.says("team-before", within=dialog)
        desk.fill(words("forms", "ticket"), "DBA-2042", within=dialog)
        desk.click("button", words("changes", "revertDo"), within=dialog)
        desk.says(words.around("changes", "reverted"))

        assert staged.call("GET", f"/instances/{made}")["instance"]["owner"] == "team-before"
        assert staged.call("GET", f"/instances/{made}/history")["items"][0]["ticket"] == "DBA-2042"

    def test_is_looked_back_from_and_differs_from_now(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"looked-{look}", owner="team-first")
        staged.call("PATCH", f"/instances/{made}", {"owner": "team-now"})
        desk = sit_down("viewer")

        oldest = changes(desk, made).last
        desk.click("button", words("instance.tabs", "asOf"), within=oldest)
        desk.says(words("instance.tabs", "asOfHint"))
        desk.says("team-first")
        desk.says("team-now")
        desk.click("button", words("instance.tabs", "asOfBack"))

        expect(desk.page.get_by_text(words("instance.tabs", "asOfHint"))).to_have_count(0)


class TestTheAuditLog:
    def test_tells_an_auditor_who_did_what_and_that_the_chain_holds(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"audited-{look}", owner="team-x")
        staged.call("PATCH", f"/instances/{made}", {"owner": "team-y"}, X_Change_Ticket="DBA-7")
        verified = run("audit", "verify", "--record", folder=staged.server.folder)
        assert verified.returncode == 0, verified.stderr
        desk = sit_down("auditor").open(f"/audit?entity_type=instance&entity_id={made}")

        rows = desk.page.locator("tbody tr")
        expect(rows).to_have_count(2)
        desk.says("DBA-7", within=rows.first)
        rows.first.get_by_role("link").first.click()
        event = desk.dialog(words.around("audit", "eventTitle"))
        desk.says("team-x", within=event)
        desk.says("team-y", within=event)
        expect(desk.find("button", words("audit", "revert"), within=event)).to_be_disabled()
        desk.press("Escape")

        chain = desk.page.get_by_role("region", name=words("audit", "chain"))
        desk.says(words("audit", "sound"), within=chain)

    def test_says_which_way_an_instance_went(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        made = staged.create(f"there-and-back-{look}")
        staged.call("POST", f"/instances/{made}/delete", {})
        staged.call("POST", f"/instances/{made}/restore", {})

        desk = sit_down("auditor").open(f"/audit?entity_type=instance&entity_id={made}")

        rows = desk.page.locator("tbody tr")
        desk.says(words("audit.fields", "out of bin"), within=rows.nth(0))
        desk.says(words("audit.fields", "into bin"), within=rows.nth(1))

    def test_calls_a_job_by_what_it_does(self, sit_down: Callable[..., Desk], staged: Stage, words: Words) -> None:
        desk = sit_down("viewer")

        seen = changes(desk, staged.ids["ok"]).filter(has_text=words("changes.verbs", "detect")).first

        who = seen.get_by_text(words("changes.actors", "check"), exact=True)
        expect(who).to_have_attribute("title", "job:check")
