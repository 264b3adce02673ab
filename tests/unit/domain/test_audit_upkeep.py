"""What happens to the trail by itself, soon after a write, in a thread that ends."""

import threading
from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import snapshot, transaction
from app.core.errors import Unavailable
from app.domain.audit import refusals, repository, sealing, trail, upkeep, verification
from app.domain.audit.refusals import Refusals
from app.domain.audit.upkeep import Upkeep
from app.domain.credentials.keys import open_keys
from tests.support.register import events
from tests.support.store import make_settings


@pytest.fixture
def made(settings, database):
    """Make the upkeep of a process, with the settings changed as told."""
    keys = open_keys(settings)

    def make(**changes):
        counted = Refusals()
        changed = make_settings(settings.data_dir, **changes)
        return Upkeep(changed, keys=lambda: keys, refusals=counted), counted

    return make


class HeldTimer:
    """Stands for `threading.Timer`: runs when the test says so."""

    begun: "list[HeldTimer]"

    def __init__(self, seconds, run):
        self.seconds, self.run, self.cancelled = seconds, run, False

    def start(self):
        self.begun.append(self)

    def cancel(self):
        self.cancelled = True


@pytest.fixture
def timers(monkeypatch):
    HeldTimer.begun = []
    monkeypatch.setattr(threading, "Timer", HeldTimer)
    return HeldTimer.begun


def test_a_run_seals_prunes_and_tells_refusals(made, monkeypatch):
    work, counted = made(audit_retention_days=1)
    now = clock.now()
    for days in (1, 2, 9):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        with transaction():
            trail.record(trail.Event(action="made", entity_type="test"), operator_id=None)
        for _ in range(3):
            counted.note(refusals.login_refused(user_id=None, username=None, address="10.0.0.1"))
        work.run()

    with snapshot():
        found = events()
    assert [event.action for event in found] == ["test.made", "session.refused", "audit.retention"]
    assert verification.through_seal(found[-1]) is not None


def test_it_is_armed_once_and_again_while_refusals_wait(made, timers):
    work, counted = made(audit_seal_seconds=7)
    work.arm()
    work.arm()
    [timer] = timers
    assert (timer.seconds, timer.daemon) == (7, True)

    timer.run()
    assert timers == [timer]
    counted.note(refusals.login_refused(user_id=None, username=None, address="10.0.0.1"))
    assert len(timers) == 2
    timers[1].run()

    assert len(timers) == 3
    work.stop()
    assert timers[2].cancelled


def test_a_process_that_ends_leaves_nothing_behind_that_only_it_knew(made, timers):
    work, counted = made(audit_seal_seconds=7)
    for _ in range(3):
        counted.note(refusals.login_refused(user_id=None, username=None, address="10.0.0.1"))

    work.stop()
    work.stop()

    with snapshot():
        found = events("session")
        assert [change["after"] for event in found for change in event.changes if change["field"] == "count"] == [1, 2]
        assert repository.find_newest_seal().last_id == found[-1].id
    assert [timer.cancelled for timer in timers] == [True]


def test_a_process_that_ends_waits_for_other_writers(made, timers, monkeypatch):
    work, counted = made(audit_seal_seconds=7)
    for _ in range(3):
        counted.note(refusals.login_refused(user_id=None, username=None, address="10.0.0.1"))
    written, asked = threading.Event(), threading.Event()

    def write():
        with transaction():
            trail.record(trail.Event(action="made", entity_type="test"), operator_id=None)
            written.set()
            asked.wait(10)

    def ask(**options):
        asked.set()
        return transaction(**options)

    monkeypatch.setattr(refusals, "transaction", ask)
    writer = threading.Thread(target=write)
    writer.start()
    written.wait(10)
    work.stop()
    writer.join()

    with snapshot():
        found = events("session")
    assert [change["after"] for event in found for change in event.changes if change["field"] == "count"] == [1, 2]


def test_a_process_that_ends_without_a_store_ends(made, timers, monkeypatch):
    def fail(**_):
        raise Unavailable

    work, _ = made(audit_seal_seconds=7)
    monkeypatch.setattr(sealing, "seal_pending", fail)
    work.arm()

    work.stop()

    assert timers[0].cancelled


@pytest.mark.parametrize(("error", "again"), [(Unavailable(), True), (ValueError("a mistake of ours"), False)])
def test_a_failure_ends_no_process(made, timers, monkeypatch, error, again):
    def fail(**_):
        raise error

    work, _ = made(audit_seal_seconds=7)
    monkeypatch.setattr(sealing, "seal_pending", fail)
    work.arm()

    timers[0].run()

    assert (len(timers) == 2) is again
    assert upkeep.sealing.seal_pending is fail


def test_zero_seconds_leave_it_to_the_command_line(made, timers):
    work, _ = made(audit_seal_seconds=0)

    work.arm()

    assert timers == []
