"""Every sealed cell gets another key, whatever is written or dies meanwhile; what is derived counts on."""

import pytest
from sqlalchemy import LargeBinary, select, update

from app.core.crypto import Sealed
from app.core.db import Base, snapshot, transaction
from app.domain.access.throttle import Throttle
from app.domain.credentials import rotation
from app.domain.credentials.errors import KeyNotReported
from app.domain.credentials.sealed import COLUMNS, count_by_key
from app.domain.credentials.write_service import CredentialWriteService
from app.models import AuditEvent, Credential, LoginFailure
from tests.support.api import DATABASE_PASSWORD


@pytest.fixture
def settings(keys_in_a_file):
    return keys_in_a_file


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
        for one in COLUMNS:
            assert (one.blob.class_, one.key_id.class_, one.seal_id.class_) == (one.model,) * 3

    def test_is_sealed_anew_and_opens_under_its_place(self, changes, ring, credential, client_key):
        credential()
        client_key()
        old = ring().active_id
        changes.promote(changes.add().key_id)

        rotation.rotate(ring())

        assert counts() == {ring().active_id: {one.place: 1 for one in COLUMNS}}
        alone = ring().without(old)
        with snapshot() as session:
            for one in COLUMNS:
                row = session.execute(select(one.seal_id, one.key_id, one.blob)).one()
                assert alone.open(Sealed(row[1], row[2]), **one.cell, seal_id=row[0])


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
        assert opened == ["newer", DATABASE_PASSWORD]
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

    def test_goes_on_where_it_was_stopped(self, ring, credential, changes, monkeypatch, key_events):
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
        assert sum(event.changes[0]["after"] for event in key_events() if event.action == "keys.rotate") == 8
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
        assert not any(DATABASE_PASSWORD in fault for fault in checked.faults)
