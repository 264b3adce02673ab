"""Another key: added, promoted when everybody holds it, every cell sealed anew, the old one dropped."""

import pytest
from sqlalchemy import LargeBinary, select, update

from app.core import crypto
from app.core.crypto import Key, KeysUnusable, Sealed, parse_keys
from app.core.db import Base, snapshot, transaction
from app.domain.access.throttle import Throttle
from app.domain.credentials import processes, rotation
from app.domain.credentials.errors import KeyHoldsCells, KeyNotReported, KeySeals, KeyUnknown
from app.domain.credentials.key_ring_changes import KeyRingChanges
from app.domain.credentials.key_watch import KeyWatch
from app.domain.credentials.keys import reread_keys
from app.domain.credentials.processes import Identity
from app.domain.credentials.sealed import COLUMNS, count_by_key
from app.domain.credentials.write_service import CredentialWriteService
from app.http.runtime import Runtime
from app.models import AuditEvent, Credential, KeyProbe, LoginFailure, Process
from tests.support.store import make_settings

SECRET = "s3cret-of-the-database"


@pytest.fixture
def changes(settings, opened):
    return KeyRingChanges(settings)


@pytest.fixture
def ring(settings, opened):
    """Return the ring as it stands in the file now."""
    return lambda: parse_keys(settings.keys_path.read_text(encoding="utf-8"))


@pytest.fixture
def credential(ring):
    """Store some credentials and return their ids."""

    def make(number: int = 1) -> list[int]:
        made = []
        with transaction() as session:
            service = CredentialWriteService(keys=ring())
            for _ in range(number):
                name = f"login-{session.query(Credential).count()}"
                made.append(service.create({"name": name, "username": "u", "password": SECRET}, operator_id=None).id)
        return made

    return make


@pytest.fixture
def reporting(opened):
    """Let a process report a ring; returns it."""

    def report(*key_ids: str, who: Identity | None = None) -> Identity:
        who = who or Identity()
        with transaction():
            processes.report(who, key_ids)
        return who

    return report


def events() -> list[AuditEvent]:
    with snapshot() as session:
        found = select(AuditEvent).where(AuditEvent.entity_type == "keys").order_by(AuditEvent.id)
        return list(session.scalars(found))


def counts():
    with snapshot():
        return count_by_key()


class TestEverySealedColumn:
    def test_is_known_to_the_rotation(self):
        sealed = {
            (table.name, column.name)
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary)
        } - {("kept_answers", "body")}  # what went out, which holds no secret

        assert {(one.model.__tablename__, one.blob.key) for one in COLUMNS} == sealed
        assert all(hasattr(one.model, "seal_id") for one in COLUMNS)

    def test_is_sealed_anew_and_opens_under_its_place(self, changes, ring, credential):
        credential()
        old = ring().active_id
        changes.promote(changes.add().key_id)

        rotation.rotate(ring())

        assert counts() == {ring().active_id: {one.place: 1 for one in COLUMNS}}
        alone = ring().without(old)
        with snapshot() as session:
            for one in COLUMNS:
                row = session.execute(select(one.model.seal_id, one.key_id, one.blob)).one()
                assert alone.open(Sealed(row[1], row[2]), **one.cell, seal_id=row[0])


class TestAdding:
    def test_changes_nothing_but_what_opens(self, changes, ring, settings):
        old = ring().active_id

        added = changes.add()

        assert ring().ids == [old, added.key_id]
        assert added.entry is None
        assert settings.keys_path.stat().st_mode & 0o777 == 0o600
        assert [(event.action, event.entity_name, event.entity_id) for event in events()] == [
            ("keys.add", added.key_id, None)
        ]
        assert events()[0].changes == [{"field": "keys", "before": [old], "after": [old, added.key_id]}]

    def test_writes_no_key_that_has_no_event(self, changes, ring, monkeypatch):
        before = ring().ids
        monkeypatch.setattr("app.domain.credentials.key_ring_changes.trail.record", lambda *_, **__: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            changes.add()

        assert ring().ids == before

    def test_puts_the_old_file_back_where_the_store_fails_to_commit(self, changes, ring, monkeypatch):
        before = ring().ids

        def fail(session) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("sqlalchemy.orm.Session.commit", fail)

        with pytest.raises(OSError, match="No space"):
            changes.add()

        assert ring().ids == before


class TestPromoting:
    def test_is_refused_until_every_live_process_reports_the_key(self, changes, ring, reporting, frozen):
        old, new = ring().active_id, changes.add().key_id
        ready, late = reporting(old, new), reporting(old)

        with pytest.raises(KeyNotReported) as caught:
            changes.promote(new)
        reporting(old, new, who=late)
        changes.promote(new)

        assert caught.value.params == {"id": new, "processes": f"{late.pid}@{late.host}"}
        assert ring().ids == [new, old]
        assert [event.action for event in events()] == ["keys.add", "keys.promote"]
        assert ready != late

    def test_does_not_wait_for_a_process_that_was_not_seen_for_a_minute(self, changes, ring, reporting, frozen):
        old, new = ring().active_id, changes.add().key_id
        reporting(old)

        frozen.advance(seconds=59)
        with pytest.raises(KeyNotReported):
            changes.promote(new)
        frozen.advance(seconds=2)
        changes.promote(new)

        assert ring().active_id == new

    def test_again_writes_nothing(self, changes, ring):
        changes.promote(ring().active_id)

        assert events() == []

    def test_of_a_key_that_is_not_there_says_which_are(self, changes, ring):
        with pytest.raises(KeyUnknown) as caught:
            changes.promote("k0")

        assert caught.value.params == {"id": "k0", "ids": ring().active_id}


class TestDropping:
    def test_is_refused_while_the_key_seals_anywhere_or_holds_a_cell(self, changes, ring, reporting, credential):
        credential()
        old, new = ring().active_id, changes.add().key_id
        who, refused = Identity(), []
        steps = (lambda: None, lambda: changes.promote(new), lambda: reporting(new, old, who=who))
        for step in steps:
            step()
            with pytest.raises((KeySeals, KeyHoldsCells)) as caught:
                changes.drop(old)
            refused.append(caught.value)
            if len(refused) == 1:
                reporting(old, new, who=who)
        rotation.rotate(ring())
        changes.drop(old)

        assert [type(error) for error in refused] == [KeySeals, KeySeals, KeyHoldsCells]
        assert refused[-1].params == {"id": old, "count": 2}
        assert ring().ids == [new]
        assert [event.action for event in events()] == [
            f"keys.{one}" for one in ("add", "promote", "rotate", "rotate", "drop")
        ]


class TestARingInTheSettings:
    def test_is_changed_by_its_owner_alone(self, settings, opened, ring):
        entry = ring().text().strip()
        outside = KeyRingChanges(make_settings(settings.data_dir, keys=entry))
        made = outside.add()
        both = KeyRingChanges(make_settings(settings.data_dir, keys=f"{entry},{made.entry}"))

        both.promote(made.key_id)
        both.drop(made.key_id)

        assert parse_keys(made.entry).ids == [made.key_id]
        assert made.entry not in repr(made)
        assert ring().text().strip() == entry
        assert events() == []
        with pytest.raises(KeyUnknown):
            outside.promote(made.key_id)


class TestRotating:
    @pytest.fixture
    def promoted(self, changes):
        changes.promote(changes.add().key_id)

    def test_leaves_versions_times_and_the_history_of_the_rows(self, changes, ring, credential):
        [row_id] = credential()

        def told():
            with snapshot() as session:
                row = session.get(Credential, row_id)
                count = session.query(AuditEvent).filter_by(entity_type="credential").count()
                return row.version, row.created_at, row.updated_at, count

        before = told()
        changes.promote(changes.add().key_id)
        done = rotation.rotate(ring())

        assert (done.swapped, done.left) == (2, 0)
        assert told() == before
        assert rotation.rotate(ring()).swapped == 0

    def test_keeps_what_is_written_meanwhile(self, ring, credential, monkeypatch, changes):
        first, second = credential(2)
        changes.promote(changes.add().key_id)
        swap, meanwhile = rotation._swap, []

        def interrupted(column, row, sealed):
            if column.place == "credentials.password" and not meanwhile:
                meanwhile.append(row.id)
                service = CredentialWriteService(keys=ring())
                service.update(row.id, {"name": "n", "username": "u", "password": "newer"}, operator_id=None)
                rotation.current_session().flush()
            return swap(column, row, sealed)

        monkeypatch.setattr(rotation, "_swap", interrupted)

        done = rotation.rotate(ring())

        service = CredentialWriteService(keys=ring())
        with snapshot():
            opened = [service.open_password(service.get(one)) for one in (first, second)]
        assert opened == ["newer", SECRET]
        assert done.left == 0

    def test_sealed_by_a_stale_process_is_done_in_another_pass(self, ring, credential, changes, monkeypatch):
        [row_id] = credential()
        stale = ring()
        changes.promote(changes.add().key_id)
        swap, meanwhile = rotation._swap, []

        def interrupted(column, row, sealed):
            if column.place == "credentials.password" and not meanwhile:
                again = stale.seal("by a stale one", **column.cell, seal_id=row.seal_id)
                rotation.current_session().execute(
                    update(Credential).values(password_blob=again.blob, password_key_id=again.key_id)
                )
                meanwhile.append(row.id)
            return swap(column, row, sealed)

        monkeypatch.setattr(rotation, "_swap", interrupted)

        assert rotation.rotate(ring()).left == 0
        service = CredentialWriteService(keys=ring())
        with snapshot():
            assert service.open_password(service.get(row_id)) == "by a stale one"
        assert meanwhile == [row_id]

    def test_goes_on_where_it_was_stopped(self, ring, credential, changes, monkeypatch):
        credential(7)
        changes.promote(changes.add().key_id)
        monkeypatch.setattr(rotation, "_BATCH", 3)
        trace, left = rotation._trace, [2, 1, 0]
        monkeypatch.setattr(rotation, "_trace", lambda *a: (trace(*a), left.pop(0), 1 / left[0]))

        with pytest.raises(ZeroDivisionError):
            rotation.rotate(ring())
        between = counts()
        monkeypatch.setattr(rotation, "_trace", trace)
        done = rotation.rotate(ring())

        assert sorted(sum(places.values()) for places in between.values()) == [3, 5]
        assert (done.swapped, done.left) == (5, 0)
        assert sum(event.changes[0]["after"] for event in events() if event.action == "keys.rotate") == 8
        assert rotation.check(ring()).faults == []

    def test_is_refused_while_a_live_process_lacks_the_key(self, ring, promoted, reporting):
        reporting("another")

        with pytest.raises(KeyNotReported):
            rotation.rotate(ring())

    def test_survives_in_what_is_derived_from_the_ring(self, settings, ring, changes, logins):
        old, text = ring(), "a name"
        throttle = Throttle(settings)
        with transaction():
            for _ in range(settings.login_failures_per_user):
                throttle.begin(name_keys=old.fingerprints(text, purpose="p"), address="10.0.0.1")

        changes.promote(changes.add().key_id)

        new = ring()
        assert set(old.derive("x")) < set(new.derive("x"))
        assert new.is_fingerprint(text, old.fingerprint(text, purpose="p"), purpose="p")
        with transaction(), pytest.raises(Exception, match=r"error\.rate_limit"):
            throttle.begin(name_keys=new.fingerprints(text, purpose="p"), address="10.0.0.1")
        with snapshot() as session:
            assert session.query(LoginFailure).count() == settings.login_failures_per_user


class TestChecking:
    def test_opens_every_cell_and_names_those_that_do_not(self, ring, credential):
        first, second = credential(2)
        with transaction() as session:
            session.get(Credential, first).password_blob = b"x" * 40
            session.get(Credential, second).password_key_id = "k0"

        checked = rotation.check(ring())

        assert checked.counts == {
            "k0": {"credentials.password": 1},
            ring().active_id: {"credentials.password": 1, "key_probes.blob": 1},
        }
        assert [fault.partition(":")[0] for fault in checked.faults] == [f"row {first}", f"row {second}"]
        assert not any(SECRET in fault for fault in checked.faults)


class TestAProcess:
    def test_takes_up_a_changed_ring_and_reports_what_it_uses(self, settings, opened, changes, ring, credential):
        used = []
        watch = KeyWatch(settings, opened, ring(), use=used.append)
        seen = []
        for change in (lambda: None, changes.add, lambda: changes.promote(ring().ids[1])):
            change()
            watch.beat()
            with snapshot():
                [live] = processes.list_live()
                seen.append((live.key_ids, live.process_id))

        assert seen[0][0] == ring().ids[1:]
        assert seen[-1][0] == ring().ids == used[-1].ids
        assert len({one for _, one in seen}) == 1
        assert len(used) == 2
        watch.leave()
        with snapshot():
            assert processes.list_live() == []

    @pytest.mark.parametrize("content", ["", "k1:x", f"k9:{'A' * 43}="])
    def test_keeps_its_ring_when_the_file_is_no_ring_of_this_store(self, settings, opened, ring, content):
        used, good = [], ring()
        watch = KeyWatch(settings, opened, good, use=used.append)
        settings.keys_path.write_text(content, encoding="utf-8")

        watch.beat()
        crypto.replace_private(settings.keys_path, good.text())
        watch.beat()

        assert [one.ids for one in used] == [good.ids]

    def test_of_long_ago_is_forgotten(self, reporting, frozen):
        reporting("k1")
        frozen.advance(days=2)
        reporting("k1")

        with snapshot() as session:
            assert session.query(Process).one().seen_at == frozen()

    def test_goes_on_with_the_ring_that_it_is_given(self, settings, parts):
        runtime = Runtime(settings, lambda _: parts, None)
        runtime._use_keys(parts.keys)
        assert runtime.parts() is parts
        other = parts.keys.with_last(Key("k2", b"x" * 32))

        runtime._use_keys(other)

        assert runtime.parts().keys is other
        assert runtime.parts().database is parts.database


def test_the_proof_of_the_key_needs_a_store_that_was_opened(settings, opened):
    with transaction() as session:
        session.query(KeyProbe).delete()

    with pytest.raises(KeysUnusable, match="no proof"):
        reread_keys(settings)
