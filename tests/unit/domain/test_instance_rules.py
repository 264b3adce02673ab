"""Rules of the register that hold whoever races: names, external ids, the end of a life."""

from dataclasses import replace

import pytest

from app.core.db import transaction
from app.core.errors import Invalid
from app.domain.instances import repository
from app.domain.instances.errors import ExternalIdTaken, InstanceNameTaken, InstanceNameTakenInBin
from app.domain.instances.record import record_of
from app.domain.instances.repository import Neighbours
from app.domain.instances.write_service import InstanceWriteService
from tests.support.api import an_instance
from tests.support.register import everything, registered, stored


def create(**fields):
    with transaction():
        return InstanceWriteService().create(an_instance(**fields), operator_id=None)


def update(instance_id, **fields):
    with transaction():
        return InstanceWriteService().update(instance_id, an_instance(**fields), operator_id=None)


def move_to_bin(instance_id):
    with transaction():
        InstanceWriteService().soft_delete(instance_id, operator_id=None)


def shown(instance_id):
    with transaction():
        return record_of(repository.get_for_update(instance_id, include_deleted=True))


class TestName:
    @pytest.fixture
    def late(self, monkeypatch):
        """Let the look before the write see nobody, as when another writer comes in between."""
        looked = []
        find, load = repository.find_neighbours, repository.get_for_change

        def find_late(given):
            looked.append(given)
            return Neighbours(None, ()) if len(looked) == 1 else find(given)

        def load_late(instance_id, given):
            looked.append(given)
            found = load(instance_id, given)
            return replace(found, neighbours=Neighbours(None, ()))

        monkeypatch.setattr(repository, "find_neighbours", find_late)
        monkeypatch.setattr(repository, "get_for_change", load_late)

    @pytest.fixture
    def early(self):
        """Look as usual."""

    @pytest.fixture(params=["early", "late"])
    def look(self, request, database):
        return lambda: request.getfixturevalue(request.param)

    @pytest.mark.parametrize(("in_bin", "error"), [(False, InstanceNameTaken), (True, InstanceNameTakenInBin)])
    def test_of_another_is_refused_with_its_holder(self, database, look, in_bin, error):
        holder = registered()
        if in_bin:
            move_to_bin(holder)
        before = everything(database)
        look()

        with pytest.raises(error) as caught:
            create(host="db2.example.com")

        assert caught.value.extra == {"holder": {"id": holder, "in_bin": in_bin}}
        assert caught.value.params == {"name": "orders-01", "id": holder}
        assert everything(database) == before

    def test_of_another_is_refused_in_an_update_too(self, database, look):
        holder = registered()
        other = registered(name="orders-02", host="db2.example.com")
        before = everything(database)
        look()

        with pytest.raises(InstanceNameTaken) as caught:
            update(other, name="orders-01", host="db2.example.com", owner="dba")

        assert caught.value.extra["holder"]["id"] == holder
        assert everything(database) == before

    def test_tells_capitals_apart(self, database):
        registered(name="orders-01")

        assert create(name="Orders-01").name == "Orders-01"

    def test_may_be_swapped_away_and_taken(self, database):
        first = registered()
        update(first, name="orders-old")

        assert create().id != first


class TestExternalIds:
    def test_are_unique_in_a_system(self, database):
        registered(name="first", external_ids={"cmdb": "CI-1"})
        before = everything(database)

        with pytest.raises(ExternalIdTaken):
            create(name="second", external_ids={"cmdb": "CI-1"})

        assert everything(database) == before

    def test_are_unique_in_an_update_too(self, database):
        registered(name="first", external_ids={"cmdb": "CI-1"})
        second = registered(name="second", external_ids={"cmdb": "CI-2"})
        before = everything(database)

        with pytest.raises(ExternalIdTaken):
            update(second, name="second", external_ids={"cmdb": "CI-1"})

        assert everything(database) == before

    def test_may_be_the_same_in_two_systems(self, database):
        registered(name="first", external_ids={"cmdb": "CI-1"})

        assert create(name="second", external_ids={"assets": "CI-1"}).external_ids == {"assets": "CI-1"}

    def test_of_one_in_the_bin_stay_taken(self, database):
        move_to_bin(registered(name="first", external_ids={"cmdb": "CI-1"}))

        with pytest.raises(ExternalIdTaken):
            create(name="second", external_ids={"cmdb": "CI-1"})

    def test_are_replaced_as_a_whole(self, database):
        instance_id = registered(external_ids={"a": "1", "b": "2"})

        update(instance_id, external_ids={"b": "3", "c": "4"})

        rows = stored(database, "SELECT system, external_id FROM instance_external_ids ORDER BY system")
        assert rows == [("b", "3"), ("c", "4")]


class TestRetired:
    def test_is_inactive_from_the_start(self, database):
        assert shown(registered(lifecycle="retired"))["is_active"] is False

    def test_turns_an_active_one_inactive(self, database):
        instance_id = registered()

        update(instance_id, lifecycle="retired")

        assert shown(instance_id)["is_active"] is False

    @pytest.mark.parametrize("lifecycle", ["active", None], ids=["named", "by default"])
    def test_does_not_reactivate_when_left(self, database, lifecycle):
        instance_id = registered(lifecycle="retired")

        update(instance_id, lifecycle=lifecycle)

        record = shown(instance_id)
        assert (record["lifecycle"], record["is_active"]) == ("active", False)

    @pytest.mark.parametrize("before", ["active", "retired"])
    def test_refuses_to_be_active(self, database, before):
        instance_id = registered(lifecycle=before)

        with pytest.raises(Invalid) as caught:
            update(instance_id, lifecycle="retired", is_active=True)

        assert [(fault.path, fault.code) for fault in caught.value.faults] == [("is_active", "retired_is_inactive")]

    def test_refuses_to_become_active_while_it_stays(self, database):
        instance_id = registered(lifecycle="retired")

        with pytest.raises(Invalid):
            update(instance_id, is_active=True)

    def test_may_be_left_and_activated_at_once(self, database):
        instance_id = registered(lifecycle="retired")

        update(instance_id, lifecycle="active", is_active=True)

        assert shown(instance_id)["is_active"] is True
