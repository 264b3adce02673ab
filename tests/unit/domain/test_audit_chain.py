"""The trail only grows, its batches are sealed, whatever is done behind the triggers is found and named."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from app.core import clock
from app.core.crypto import create_keys_file
from app.core.db import snapshot, transaction
from app.core.db.append_only import lifted
from app.core.errors import Unavailable
from app.domain.audit import chain, retention, sealing, trail, verification
from app.domain.audit.errors import AuditChainBroken
from app.domain.audit.state import chain_state, record_verification
from app.domain.audit.verification import Fault
from app.domain.credentials.keys import open_keys
from tests.support.register import events, stored

NOON = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def keys(settings, database):
    return open_keys(settings)


@pytest.fixture
def now(monkeypatch):
    """Hold the clock; returns a function that moves it to a day after noon."""
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(days: float) -> None:
        moment[0] = NOON + timedelta(days=days)

    return move


@pytest.fixture
def batches(database, keys, monkeypatch, now):
    """Record five events a day and seal each day by itself."""
    with transaction():
        trail.record(trail.Event(action="first", entity_type="test"), operator_id=None)
    sealing.seal_pending(keys=keys)
    _, begin = stored(database, "SELECT 0, count(*) FROM audit_seals")[0]

    def add(days: int, *, first: int = 1) -> int:
        for day in range(first, first + days):
            now(day)
            with transaction():
                for number in range(5):
                    changes = [{"field": "n", "before": None, "after": [number, 1.5, True, "é", NOON.isoformat()]}]
                    event = trail.Event(action="made", entity_type="test", entity_id=number, changes=changes)
                    trail.record(event, operator_id=None)
            assert sealing.seal_pending(keys=keys) == 5
        return begin

    return add


@pytest.fixture
def verify(keys):
    def verdict(**options):
        with snapshot():
            return verification.verify(keys=keys, **options)

    return verdict


TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%' ORDER BY name",
    "postgresql": "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'audit%' ORDER BY tgname",
}
REPLACE = {
    "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "postgresql": "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT ({key}) DO UPDATE SET {key} = 1",
}


@pytest.fixture
def dialect(database):
    return database.engine.dialect.name


@pytest.fixture
def elsewhere(database):
    """A connection that is nobody's here."""
    return create_engine(database.engine.url, poolclass=NullPool)


@pytest.fixture
def tamper(database, dialect, elsewhere):
    """Write to the store as somebody would who gets rid of the triggers."""

    def run(*statements: str) -> None:
        with elsewhere.begin() as connection:
            if dialect == "sqlite":
                for name, _ in connection.execute(text(TRIGGERS[dialect])).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                for table in ("audit_events", "audit_seals"):
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for statement in statements:
                assert connection.exec_driver_sql(statement).rowcount > 0

    return run


class TestTheTables:
    @pytest.mark.parametrize("table", ["audit_events", "audit_seals"])
    @pytest.mark.parametrize("statement", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", REPLACE])
    def test_refuse_all_but_new_rows(self, database, dialect, batches, table, statement):
        batches(1)
        before = stored(database, f"SELECT * FROM {table}")
        key = {"audit_events": "id", "audit_seals": "number"}[table]
        sql = statement if isinstance(statement, str) else statement[dialect]

        with pytest.raises(IntegrityError, match=f"{table} only grows"), transaction() as session:
            session.execute(text(sql.format(table=table, key=key)))

        assert stored(database, f"SELECT * FROM {table}") == before

    def test_refuse_again_when_what_was_lifted_is_over(self, database, dialect, batches):
        batches(1)
        before = stored(database, TRIGGERS[dialect])

        with transaction() as session, lifted("audit_seals"):
            session.execute(text("DELETE FROM audit_seals"))
            assert stored(database, TRIGGERS[dialect]) == before  # what everybody else sees
        with pytest.raises(RuntimeError, match="on the way"), transaction(), lifted("audit_events"):
            raise RuntimeError("on the way")

        assert len(before) == {"sqlite": 6, "postgresql": 2}[dialect]
        assert stored(database, TRIGGERS[dialect]) == before


class TestSealing:
    def test_covers_everything_once_in_batches(self, database, keys, batches, verify, monkeypatch):
        begin = batches(2)
        monkeypatch.setattr(sealing, "BATCH", 2)
        with transaction():
            for number in range(5):
                trail.record(trail.Event(action="made", entity_type="test", entity_id=number), operator_id=None)

        assert (sealing.seal_pending(keys=keys), sealing.seal_pending(keys=keys)) == (5, 0)

        verdict = verify()
        [(total,)] = stored(database, "SELECT count(*) FROM audit_events")
        assert verdict.fault is None
        assert (verdict.seals, verdict.events, verdict.unsealed) == (begin + 2 + 3, total, 0)

    def test_leaves_it_to_another_process_that_was_faster(self, database, keys, batches, monkeypatch):
        batches(1)
        with transaction():
            trail.record(trail.Event(action="made", entity_type="test"), operator_id=None)
        mine = sealing._next_seal(10**9, keys=keys)
        sealing.seal_pending(keys=keys)
        seals = stored(database, "SELECT * FROM audit_seals")

        assert sealing._add(mine) is False

        assert stored(database, "SELECT * FROM audit_seals") == seals

    def test_goes_on_after_the_seal_of_another_process(self, database, keys, batches, verify, monkeypatch):
        batches(1)
        event = trail.Event(action="made", entity_type="test")
        with transaction():
            trail.record(event, operator_id=None)
        faster = [sealing._next_seal(10**9, keys=keys)]
        with transaction():
            trail.record(event, operator_id=None)
        add = sealing._add
        monkeypatch.setattr(sealing, "_add", lambda mine: not (faster and add(faster.pop())) and add(mine))

        assert sealing.seal_pending(keys=keys) == 1

        assert (verify().fault, verify().unsealed) == (None, 0)

    def test_leaves_what_may_still_be_overtaken(self, database, dialect, elsewhere, keys, batches, verify):
        batches(1)
        seals = stored(database, "SELECT number FROM audit_seals ORDER BY 1")
        event = trail.Event(action="made", entity_type="test")
        columns = "at, actor_name, action, entity_type, changes, source"

        with elsewhere.connect() as other:
            other.exec_driver_sql(
                f"INSERT INTO audit_events ({columns}) SELECT {columns} FROM audit_events ORDER BY id LIMIT 1"
            )
            if dialect == "postgresql":  # where a higher id can be committed before a lower one
                with transaction():
                    trail.record(event, operator_id=None)
            with suppress(Unavailable):
                sealing.seal_pending(keys=keys, wait_ms=1)
            assert stored(database, "SELECT number FROM audit_seals ORDER BY 1") == seals
            other.commit()

        assert sealing.seal_pending(keys=keys) == {"sqlite": 1, "postgresql": 2}[dialect]
        assert verify().fault is None

    def test_tells_how_far_it_came(self, keys, batches, verify):
        batches(1)
        verdict = verify()
        with transaction():
            record_verification(verdict)

        with snapshot():
            state = chain_state()

        newest = verify().newest
        assert (state.sealed.number, state.sealed.hash, state.unsealed) == (newest.number, newest.hash, 1)
        assert (state.verified.sound, state.verified.through_seal, state.begins_at) == (True, newest.number, None)


class TestVerification:
    """Batch `begin + 1` holds five events, and so does `begin + 2`; `{first}` is the first event of the former."""

    @pytest.mark.parametrize(
        ("statements", "kind", "seal", "event"),
        [
            (["UPDATE audit_events SET actor_name = 'x' WHERE id = {first} + 1"], "event_altered", 1, 1),
            (["UPDATE audit_events SET at = '2031-05-01 00:00:00' WHERE id = {first}"], "event_altered", 1, 0),
            (["UPDATE audit_events SET changes = '[]' WHERE id = {first} + 6"], "event_altered", 2, 6),
            (["DELETE FROM audit_events WHERE id = {first} + 2"], "event_missing", 1, 2),
            (["DELETE FROM audit_events WHERE id >= {first} + 8"], "event_missing", 2, 8),
            (
                [
                    "DELETE FROM audit_events WHERE id = {first} + 4",
                    "UPDATE audit_seals SET digests = '[]' WHERE number = {seal}",
                ],
                "seal_altered",
                1,
                None,
            ),
            (["UPDATE audit_seals SET until = '2031-01-01 00:00:00' WHERE number = {seal}"], "seal_altered", 1, None),
            (["DELETE FROM audit_seals WHERE number = {seal}"], "seal_missing", 1, None),
            (["UPDATE audit_seals SET mac = hash WHERE number > {seal}"], "seal_forged", 2, None),
        ],
    )
    def test_names_the_first_finding(self, database, batches, verify, tamper, statements, kind, seal, event):
        begin = batches(2)
        first = stored(database, "SELECT min(id) FROM audit_events WHERE action = 'test.made'")[0][0]

        tamper(*(one.format(first=first, seal=begin + 1) for one in statements))

        assert verify().fault == Fault(kind, begin + seal, None if event is None else first + event)

    def test_finds_an_event_that_was_slipped_in(self, database, keys, batches, verify, tamper):
        begin = batches(1)
        [(last,)] = stored(database, "SELECT max(id) FROM audit_events")
        columns = "at, actor_name, action, entity_type, changes, source"
        copied = f"{columns} FROM audit_events ORDER BY id LIMIT 1"
        tamper(f"INSERT INTO audit_events (id, {columns}) SELECT {last + 2}, {copied}")  # after a rollback
        assert sealing.seal_pending(keys=keys) == 1
        assert verify().fault is None

        tamper(f"INSERT INTO audit_events (id, {columns}) SELECT {last + 1}, {copied}")
        assert verify().fault == Fault("event_added", begin + 2, last + 1)

        tamper(f"INSERT INTO audit_events (id, {columns}) SELECT -7, {copied}")
        assert verify().fault == Fault("event_added", 1, -7)

    def test_finds_what_was_sealed_anew_without_the_key(self, database, batches, verify, tamper):
        """Somebody who can write the store alters an event and makes all hashes fit, but has no key."""
        begin = batches(3)
        tamper("UPDATE audit_events SET actor_name = 'x' WHERE id = (SELECT max(id) - 7 FROM audit_events)")
        with snapshot() as session:
            seals = list(verification.seals_after(0))
            session.expunge_all()
        previous, forged = chain.FIRST, []
        for one in seals:
            with snapshot() as session:
                ids = [row[0] for row in one.digests]
                found = [event for event in events() if event.id in ids]
            one.digests, one.previous = [[event.id, chain.digest(event)] for event in found], previous
            previous = one.hash = chain.hash_of(one)
            forged.append(
                f"UPDATE audit_seals SET digests = '{json.dumps(one.digests)}', previous = '{one.previous}',"
                f" hash = '{one.hash}' WHERE number = {one.number}"
            )

        tamper(*forged)

        assert verify().fault == Fault("seal_forged", begin + 2)

    def test_needs_a_noted_hash_to_miss_an_end_that_was_cut_off(self, batches, verify, tamper):
        begin = batches(2)
        noted = verify().newest

        assert verify(expect=noted.hash).fault is None
        tamper(
            f"DELETE FROM audit_seals WHERE number = {noted.number}",
            f"DELETE FROM audit_events WHERE id > {noted.last_id} - 5",
        )

        assert verify().newest.number == begin + 1
        assert verify().fault is None
        assert verify(expect=noted.hash).fault == Fault("not_expected")

    def test_survives_another_key_once_something_was_sealed_with_it(self, batches, verify, tmp_path):
        batches(2)
        another = create_keys_file(tmp_path / "other-keys")
        with snapshot():
            assert verification.verify(keys=another).fault == Fault("seal_forged", 1)

        with transaction():
            trail.record(trail.Event(action="promoted", entity_type="keys"), operator_id=None)
        sealing.seal_pending(keys=another)

        with snapshot():
            assert verification.verify(keys=another).fault is None


class TestRetention:
    def test_removes_whole_old_batches_and_keeps_the_anchor(self, database, batches, keys, verify, now):
        begin = batches(4)
        whole = verify()
        now(5)

        pruned = retention.prune(keep_days=2.5)

        assert pruned.through_seal == begin + 2
        assert stored(database, "SELECT min(number) FROM audit_seals") == [(begin + 2,)]
        with snapshot():
            kept = events()
            state = chain_state()
        assert [event.action for event in kept] == ["test.made"] * 10 + ["audit.retention"]
        assert state.begins_at == NOON + timedelta(days=2)
        told = {change["field"]: change["after"] for change in kept[-1].changes}
        assert (told["events"], told["through_seal"]) == (whole.events - 10, begin + 2)
        verdict = verify()
        assert (verdict.fault, verdict.anchor, verdict.events, verdict.unsealed) == (None, begin + 2, 10, 1)

    def test_can_be_repeated_and_never_takes_the_newest(self, database, batches, keys, verify, now):
        begin = batches(3)
        now(100)

        first, second = retention.prune(keep_days=1), retention.prune(keep_days=1)
        sealing.seal_pending(keys=keys)
        batches(2, first=101)
        third = retention.prune(keep_days=1)

        assert (first.through_seal, second.events, third.through_seal) == (begin + 2, 0, begin + 4)
        assert verify().fault is None

    def test_tells_when_there_is_more(self, batches, verify, now, monkeypatch):
        begin = batches(3)
        monkeypatch.setattr(retention, "SEALS_AT_ONCE", 1)
        now(100)

        steps = [retention.prune(keep_days=1) for _ in range(begin + 2)]

        assert [(one.through_seal, one.more) for one in steps[-2:]] == [(begin + 1, True), (begin + 2, False)]
        assert verify().fault is None

    def test_leaves_a_broken_batch_where_it_is(self, database, batches, tamper, now):
        begin = batches(2)
        tamper("UPDATE audit_events SET actor_name = 'x' WHERE id = (SELECT min(id) FROM audit_events)")
        before = stored(database, "SELECT * FROM audit_events")
        now(100)

        with pytest.raises(AuditChainBroken) as caught:
            retention.prune(keep_days=1)

        assert caught.value.extra["kind"] == "event_altered"
        assert begin
        assert stored(database, "SELECT * FROM audit_events") == before

    def test_cannot_be_feigned_without_its_event(self, database, batches, verify, tamper):
        begin = batches(3)
        last = stored(database, "SELECT last_id FROM audit_seals WHERE number = ?", begin + 1)[0][0]

        tamper(f"DELETE FROM audit_events WHERE id <= {last}", f"DELETE FROM audit_seals WHERE number <= {begin}")

        assert verify().fault == Fault("seal_missing", 1)
