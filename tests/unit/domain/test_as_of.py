"""An instance as it was: every state that it ever had is found again, or the answer says why not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from app.core import clock
from app.core.db import snapshot, transaction
from app.core.errors import Invalid
from app.domain.audit import retention, sealing
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.credentials.keys import open_keys
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.instances import repository
from app.domain.instances.as_of import get_as_of
from app.domain.instances.errors import BeforeTheTrail, InstanceInBin, InstanceNotFound, NotYetRegistered
from app.domain.instances.write_service import InstanceWriteService
from app.domain.tags.write_service import TagWriteService
from tests.support.api import an_instance

NOON = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
UNKNOWN = {"updated_at", "version", "flavour", "last_sync_time", "main_version", "database_version"}
UNKNOWN |= {"detailed_version", "active_db_count", "active_account_count", "last_connected", "tags"}
UNKNOWN |= {"tls_client_key_set"}
UNKNOWN |= {"last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at"}
UNKNOWN |= {"last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after"}


@pytest.fixture
def day(monkeypatch):
    """Set the clock to so many days after noon."""

    def at(days: float) -> datetime:
        moment = NOON + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    at(0)
    return at


def shown(instance_id, moment, **options):
    with snapshot():
        return dict(get_as_of(instance_id, moment, include_deleted=True, **options))


def seen(instance_id):
    """Return what the detail shows now, without what no trail keeps."""
    with snapshot():
        found = dict(repository.get_detail(instance_id, include_deleted=True))
    plain = {name: value for name, value in found.items() if name not in UNKNOWN}
    for reference in ("credential", "admin_credential", "cluster"):
        plain[reference] = found[reference] and {key: found[reference][key] for key in ("id", "name")}
    plain["tag_names"] = [tag["name"] for tag in found["tags"]]
    columns = ("credential_name", "cluster_name", "deleted_by_id", "_username", "cluster_kind")
    return {name: value for name, value in plain.items() if not name.endswith(columns)}


def comparable(state, like):
    state = {**state, "tag_names": [tag["name"] for tag in state["tags"]]}
    if isinstance(state["muted_until"], str):
        state["muted_until"] = datetime.fromisoformat(state["muted_until"])
    return {name: state[name] for name in like if name in state}


@pytest.fixture
def life(database, day, users, add_tags, add_credential, cluster_id):
    """A whole life, a step a day; returns the id and what was seen each day."""
    gold, payments = add_tags("gold", "payments")
    login, dba = add_credential(), users["dba"]
    body = an_instance(tag_names=["gold"], owner="a", muted_until=NOON, external_ids={"cmdb": "1"})
    service, ids = InstanceWriteService(), []
    full = {"cluster_id": cluster_id, "credential_id": login, "environment": "staging", "custom": {"n": 1}}
    moved = an_instance(name="renamed", tag_names=["payments", "gold"], owner=None, lifecycle="retired")
    steps = [
        lambda: ids.append(service.create(body, operator_id=dba).id),
        lambda: service.update(ids[0], {**body, **full}, operator_id=dba),
        lambda: TagWriteService().update(gold, {"name": "silver"}, operator_id=dba),
        lambda: service.update(ids[0], {**moved, "tag_names": ["payments", "silver"]}, operator_id=dba),
        lambda: ClusterWriteService().update(cluster_id, {"name": "new", "kind": "galera"}, operator_id=dba),
        lambda: EnvironmentWriteService().update(2, {"key": "preview"}, operator_id=dba),
        lambda: service.soft_delete(ids[0], operator_id=dba, reason="old"),
        lambda: service.restore(ids[0], operator_id=dba),
        lambda: TagWriteService(detach=True).delete(payments, operator_id=dba),
        lambda: service.soft_delete(ids[0], operator_id=dba, reason="really"),
    ]
    days = []
    for number, step in enumerate(steps):
        day(number)
        with transaction():
            step()
        days.append(seen(ids[0]))
    return ids[0], days


class TestEveryState:
    @pytest.mark.parametrize("purged", [False, True])
    def test_is_found_again(self, day, life, purged):
        instance_id, days = life
        day(len(days))
        if purged:
            with transaction():
                InstanceWriteService().purge(instance_id, operator_id=None)

        for number, before in enumerate(days):
            moment = NOON + timedelta(days=number, hours=12)
            assert comparable(shown(instance_id, moment), before) == before, f"day {number}"

    def test_is_read_in_as_many_statements_at_any_moment(self, database, day, life):
        instance_id, days = life
        day(len(days))
        taken = []

        def note(*_):
            taken[-1] += 1

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            for number in range(len(days)):
                taken.append(0)
                shown(instance_id, NOON + timedelta(days=number))
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

        assert set(taken) == {3}


class TestNoState:
    def test_before_it_was_registered(self, day, life):
        instance_id, days = life
        day(len(days))

        with pytest.raises(NotYetRegistered) as caught:
            shown(instance_id, NOON - timedelta(seconds=1))

        assert caught.value.extra["registered_at"] == NOON

    def test_of_one_that_was_never_there_or_not_any_more(self, day, life):
        instance_id, days = life
        day(len(days))
        with transaction():
            InstanceWriteService().purge(instance_id, operator_id=None)
        day(len(days) + 1)

        for missing, moment in ((instance_id, clock.now()), (4711, NOON)):
            with pytest.raises(InstanceNotFound):
                shown(missing, moment)

    def test_in_the_bin_unless_asked_for(self, day, life):
        instance_id, days = life
        day(len(days))

        with pytest.raises(InstanceInBin), snapshot():
            get_as_of(instance_id, NOON + timedelta(days=6, hours=1), include_deleted=False)

    def test_of_the_time_to_come(self, life):
        with pytest.raises(Invalid) as caught:
            shown(life[0], clock.now() + timedelta(seconds=1))

        assert caught.value.faults[0].code == "in_the_future"

    @pytest.mark.parametrize("purged", [False, True])
    def test_where_retention_has_removed_it(self, settings, day, life, purged, monkeypatch):
        """After that the states are the same as ever."""
        instance_id, days = life
        day(len(days))
        if purged:
            with transaction():
                InstanceWriteService().purge(instance_id, operator_id=None)
        monkeypatch.setattr(sealing, "BATCH", 1)
        sealing.seal_pending(keys=open_keys(settings))
        while retention.prune(keep_days=len(days) - 4.5).more:
            pass

        with pytest.raises(BeforeTheTrail) as caught:
            shown(instance_id, NOON + timedelta(days=3, hours=12))

        assert caught.value.extra["trail_begins_at"] == NOON + timedelta(days=4)
        for number in range(5, len(days)):
            state = comparable(shown(instance_id, NOON + timedelta(days=number, hours=12)), days[number])
            expected = {**days[number], "created_at": None if purged else days[number]["created_at"]}
            assert state == expected, f"day {number}"
