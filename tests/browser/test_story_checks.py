"""Checks in somebody's hands: watched while they run, read when they fail, and mended until they are well."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.support.console.desk import Desk
from tests.support.console.gate import Gate, gate_to
from tests.support.console.stage import MARIADB_PASSWORD, Look, Stage
from tests.support.console.words import Words
from tests.support.ports import free_port


@pytest.fixture
def postgresql(staged: Stage) -> Iterator[Gate]:
    with gate_to(staged.postgresql.port) as gate:
        yield gate


@pytest.fixture
def mariadb(staged: Stage) -> Iterator[Gate]:
    with gate_to(staged.mariadb.port) as gate:
        yield gate


class Page:
    """The page of an instance: its ladder of steps and its verdict."""

    def __init__(self, desk: Desk, instance_id: int) -> None:
        self.desk, self.words = desk, desk.words
        desk.open(f"/instances/{instance_id}")
        self.ladder = desk.page.get_by_role("list", name=self.words("checks", "steps"))

    def check(self) -> None:
        self.desk.click("button", self.words.before("instance", "check"))

    def step(self, name: str) -> Locator:
        return self.ladder.get_by_role("listitem").filter(has_text=self.words("checks", name))

    def is_at(self, step: str, state: str) -> None:
        """Expect a step to have come so far."""
        # A step whose details can be opened is a button, whose name begins with its state.
        mark = self.step(step).get_by_text(self.words("checks", state), exact=True).first
        image = self.step(step).get_by_role("img", name=self.words("checks", state)).first
        expect(mark.or_(image).first).to_be_attached()

    def ended(self, outcome: str) -> None:
        verdict = self.desk.page.get_by_role("status").filter(has_text=self.words("parts", outcome))
        expect(verdict.first).to_be_visible()


class TestARealPostgresql:
    def test_is_watched_step_by_step(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, postgresql: Gate
    ) -> None:
        made = staged.create(
            f"watched-pg-{look}", port=postgresql.port, credential_id=staged.credentials["monitor-prod"]
        )
        page = Page(sit_down("operator"), made)
        page.desk.says(page.words("instance.check", "never"))

        page.check()
        page.is_at("connect", "ok")
        expect(page.ladder).to_have_attribute("aria-busy", "true")
        page.is_at("privileges", "waiting")
        postgresql.open()

        page.is_at("privileges", "ok")
        page.ended("ok")
        page.desk.says("PostgreSQL 15")


class TestARealMariadb:
    def test_is_watched_step_by_step(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, mariadb: Gate
    ) -> None:
        made = staged.create(
            f"watched-maria-{look}",
            db_type="mariadb",
            port=mariadb.port,
            credential_id=staged.credentials["monitor-maria"],
        )
        page = Page(sit_down("operator"), made)

        page.check()
        page.is_at("connect", "ok")
        expect(page.ladder).to_have_attribute("aria-busy", "true")
        mariadb.open()

        page.is_at("login", "ok")
        page.is_at("identify", "ok")
        expect(page.ladder).to_have_attribute("aria-busy", "false")


class TestAWrongPassword:
    def test_is_named_and_mended_by_rotating_the_credential(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        stale = staged.credential(f"stale-{look}", "monitor", "of last year")
        made = staged.create(f"stale-{look}", db_type="mariadb", port=staged.mariadb.port, credential_id=stale)
        page = Page(sit_down("dba"), made)
        desk = page.desk

        page.check()
        page.is_at("login", "failed")
        desk.says("login.refused")
        desk.says(words("checks", "remedy"))
        desk.click("link", words("instance.check", "fixCredential", name=f"stale-{look}"))
        desk.heading(f"stale-{look}")
        desk.click("button", words("credentials", "rotate"))
        dialog = desk.dialog(words("credentials", "rotateTitle", name=f"stale-{look}"))
        desk.fill(words("credentials", "newPassword"), MARIADB_PASSWORD, within=dialog)
        desk.click("button", words("credentials", "rotateDo"), within=dialog)
        expect(dialog).to_be_hidden()
        page = Page(desk, made)
        page.check()

        page.is_at("login", "ok")
        expect(page.ladder).to_have_attribute("aria-busy", "false")


class TestARefusedPort:
    def test_is_named_and_mended_in_the_form(
        self, sit_down: Callable[..., Desk], staged: Stage, look: Look, words: Words
    ) -> None:
        closed = free_port()
        made = staged.create(f"moved-{look}", port=closed, credential_id=staged.credentials["monitor-prod"])
        page = Page(sit_down("operator"), made)
        desk = page.desk

        page.check()
        page.is_at("connect", "failed")
        desk.says("connect.refused")
        desk.says(words("checks.seen", "tried"), within=page.step("connect"))
        desk.says("127.0.0.1 · connect.refused", within=page.step("connect"))
        facts = desk.page.locator("section").filter(
            has=desk.page.get_by_role("heading", name=words("instance.facts", "title"))
        )
        desk.says(words("instance.facts", "noLogin"), within=facts)
        expect(facts.get_by_text(words("instance.facts", "never"), exact=True)).to_have_count(0)
        desk.click("link", words("instance.facts", "lastCheck"), within=facts)
        expect(desk.page).to_have_url(re.compile(r"check=\d+"))
        desk.page.get_by_role("link", name=words.around("instance.check", "fixEdit")).click()
        expect(desk.find("textbox", words("words.fields", "host"))).to_be_focused()
        desk.find("textbox", words("words.fields", "port")).fill(str(staged.postgresql.port))
        desk.click("button", words("edit", "save"))
        desk.heading(f"moved-{look}")
        desk.says(words("instance.check", "elsewhere", endpoint=f"127.0.0.1:{closed}"))
        page.check()

        page.is_at("privileges", "ok")
        page.ended("ok")
