"""The key ring changes while processes live: added, promoted when everybody holds the key, dropped."""

import pytest

from app.core import crypto
from app.core.crypto import Key, KeysUnusable, parse_keys
from app.core.db import snapshot, transaction
from app.domain.credentials import processes, rotation
from app.domain.credentials.errors import KeyHoldsCells, KeyNotReported, KeySeals, KeyUnknown
from app.domain.credentials.key_ring_changes import KeyRingChanges
from app.domain.credentials.key_watch import KeyWatch
from app.domain.credentials.keys import reread_keys
from app.domain.credentials.processes import Identity
from app.http.runtime import Runtime
from app.models import KeyProbe, Process
from tests.support.store import make_settings


@pytest.fixture
def settings(keys_in_a_file):
    return keys_in_a_file


class TestAdding:
    def test_changes_nothing_but_what_opens(self, changes, ring, settings, key_events):
        old = ring().active_id

        added = changes.add()

        assert ring().ids == [old, added.key_id]
        assert added.entry is None
        assert settings.keys_path.stat().st_mode & 0o777 == 0o600
        assert [(event.action, event.entity_name, event.entity_id) for event in key_events()] == [
            ("keys.add", added.key_id, None)
        ]
        assert key_events()[0].changes == [{"field": "keys", "before": [old], "after": [old, added.key_id]}]

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
    def test_is_refused_until_every_live_process_reports_the_key(self, changes, ring, reporting, frozen, key_events):
        old, new = ring().active_id, changes.add().key_id
        ready, late = reporting(old, new), reporting(old)

        with pytest.raises(KeyNotReported) as caught:
            changes.promote(new)
        reporting(old, new, who=late)
        changes.promote(new)

        assert caught.value.params == {"id": new, "processes": f"{late.pid}@{late.host}"}
        assert ring().ids == [new, old]
        assert [event.action for event in key_events()] == ["keys.add", "keys.promote"]
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

    def test_again_writes_nothing(self, changes, ring, key_events):
        changes.promote(ring().active_id)

        assert key_events() == []

    def test_of_a_key_that_is_not_there_says_which_are(self, changes, ring):
        with pytest.raises(KeyUnknown) as caught:
            changes.promote("k0")

        assert caught.value.params == {"id": "k0", "ids": ring().active_id}


class TestDropping:
    def test_is_refused_while_the_key_seals_anywhere_or_holds_a_cell(
        self, changes, ring, reporting, credential, key_events
    ):
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
        assert [event.action for event in key_events()] == [
            f"keys.{one}" for one in ("add", "promote", "rotate", "rotate", "drop")
        ]


class TestARingInTheSettings:
    def test_is_changed_by_its_owner_alone(self, settings, opened, ring, key_events):
        entry = ring().text().strip()
        outside = KeyRingChanges(make_settings(settings.data_dir, keys=entry))
        made = outside.add()
        both = KeyRingChanges(make_settings(settings.data_dir, keys=f"{entry},{made.entry}"))

        both.promote(made.key_id)
        both.drop(made.key_id)

        assert parse_keys(made.entry).ids == [made.key_id]
        assert made.entry not in repr(made)
        assert ring().text().strip() == entry
        assert key_events() == []
        with pytest.raises(KeyUnknown):
            outside.promote(made.key_id)


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
        runtime = Runtime(settings, lambda _: parts, None, None)
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
