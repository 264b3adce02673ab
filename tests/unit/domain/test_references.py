"""Tags, environments, clusters and credentials: what all four have in common, through their services."""

from dataclasses import dataclass
from typing import Any

import pytest

from app.core.db import NoTransaction, snapshot, transaction
from app.core.errors import Conflict, Invalid, NotFound
from app.domain.clusters.write_service import ClusterWriteService
from app.domain.environments.write_service import EnvironmentWriteService
from app.domain.instances.write_service import InstanceWriteService
from app.domain.references.usage import find_usage
from app.domain.references.write_service import ReferenceWriteService
from app.domain.tags.write_service import TagWriteService
from tests.support.register import events, registered, stored


@dataclass(frozen=True)
class Case:
    """One of the four services, what it takes, and how an instance refers to its rows."""

    service: ReferenceWriteService[Any]
    sound: dict[str, Any]
    refer: Any

    @property
    def name(self) -> str:
        return self.sound[self.service.kind.title.key]

    def named(self, name: str) -> dict[str, Any]:
        return {**self.sound, self.service.kind.title.key: name}

    def create(self, **changes: Any) -> int:
        with transaction():
            return self.service.create({**self.sound, **changes}, operator_id=None).id


@pytest.fixture(params=["tag", "environment", "cluster", "credential"])
def case(request, database, credential_service):
    login = {"name": "monitor", "username": "muster", "password": "s3cret-of-the-test"}
    return {
        "tag": Case(TagWriteService(), {"name": "gold"}, lambda row: {"tag_names": [row.name]}),
        "environment": Case(EnvironmentWriteService(), {"key": "lab"}, lambda row: {"environment": row.key}),
        "cluster": Case(ClusterWriteService(), {"name": "orders", "kind": "rac"}, lambda row: {"cluster_id": row.id}),
        "credential": Case(credential_service, login, lambda row: {"credential_id": row.id}),
    }[request.param]


def use(case, row_id, **fields):
    with snapshot():
        refers = case.refer(case.service.get(row_id))
    return registered(**refers, **fields)


class TestTransaction:
    def test_is_needed(self, case):
        with pytest.raises(NoTransaction):
            case.service.create(case.sound, operator_id=None)


class TestChanges:
    def test_are_one_event_each_and_count_versions(self, case):
        kind = case.service.kind
        with transaction():
            row = case.service.create(case.sound, operator_id=None)
            row_id = row.id
            changed = case.service.update(row_id, case.named("renamed"), operator_id=None)
            assert changed.version == 2
            case.service.delete(row_id, operator_id=None)

        with snapshot():
            found = [(event.action, event.entity_id, event.entity_name) for event in events(kind.entity_type)]
        assert found == [
            (f"{kind.entity_type}.create", row_id, case.name),
            (f"{kind.entity_type}.update", row_id, "renamed"),
            (f"{kind.entity_type}.delete", row_id, "renamed"),
        ]

    def test_that_are_none_write_nothing(self, case, database):
        row_id = case.create()
        before = stored(database, "SELECT * FROM audit_events")

        with transaction():
            row = case.service.update(row_id, case.sound, operator_id=None)

        assert row.version == 1
        assert stored(database, "SELECT * FROM audit_events") == before

    def test_are_taken_back_together_with_their_event(self, case, database):
        before = stored(database, "SELECT count(*) FROM audit_events")

        def create_and_fail():
            with transaction():
                case.service.create(case.sound, operator_id=None)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            create_and_fail()

        assert stored(database, "SELECT count(*) FROM audit_events") == before
        case.create()

    def test_refuse_unknown_fields_by_name(self, case):
        with pytest.raises(Invalid) as caught:
            case.create(size=1)

        assert [(fault.path, fault.code) for fault in caught.value.faults] == [("size", "unknown")]

    @pytest.mark.parametrize("call", ["get", "update", "delete"])
    def test_of_what_is_not_there_are_refused(self, case, call):
        arguments = {"get": (), "update": (case.sound,), "delete": ()}[call]
        who = {} if call == "get" else {"operator_id": None}

        with pytest.raises(NotFound) as caught, transaction():
            getattr(case.service, call)(999, *arguments, **who)

        assert type(caught.value) is case.service.kind.not_found


class TestNames:
    def test_are_unique(self, case):
        holder = case.create()

        with pytest.raises(Conflict) as caught:
            case.create()

        assert type(caught.value) is case.service.kind.taken
        assert caught.value.extra == {"holder": {"id": holder}}

    def test_are_unique_when_renaming(self, case):
        case.create()
        with transaction():
            other = case.service.create(case.named("other"), operator_id=None).id

        with pytest.raises(Conflict) as caught, transaction():
            case.service.update(other, case.sound, operator_id=None)

        assert type(caught.value) is case.service.kind.taken

    def test_are_unique_even_when_the_look_before_saw_nobody(self, case, monkeypatch):
        case.create()
        monkeypatch.setattr(ReferenceWriteService, "_refuse_taken", lambda *_, **__: None)

        with pytest.raises(Conflict) as caught:
            case.create()

        assert type(caught.value) is case.service.kind.taken


class TestUse:
    def test_is_counted_and_named_with_the_bin(self, case):
        row_id = case.create()
        second = use(case, row_id, name="b-second")
        first = use(case, row_id, name="a-first", host="db2.example.com")
        with transaction():
            InstanceWriteService().soft_delete(first, operator_id=None)

        with snapshot():
            usage = find_usage(case.service.kind.link, [row_id])[row_id]

        assert usage.count == 2
        assert [(one.id, one.name, one.in_bin) for one in usage.instances] == [
            (first, "a-first", True), (second, "b-second", False)
        ]  # fmt: skip

    def test_names_the_first_twenty_and_counts_all(self, case):
        row_id = case.create()
        for number in range(21):
            use(case, row_id, name=f"orders-{number:02}")

        with snapshot():
            usage = find_usage(case.service.kind.link, [row_id])[row_id]

        assert usage.count == 21
        assert [one.name for one in usage.instances] == [f"orders-{number:02}" for number in range(20)]

    def test_names_all_of_many_when_it_refuses_a_deletion(self, case):
        row_id = case.create()
        for number in range(21):
            use(case, row_id, name=f"orders-{number:02}")

        with pytest.raises(Conflict) as caught, transaction():
            case.service.delete(row_id, operator_id=None)

        assert [one.name for one in caught.value.extra["instances"]] == [f"orders-{number:02}" for number in range(21)]

    def test_keeps_it_from_being_deleted_even_from_the_bin(self, case):
        row_id = case.create()
        instance_id = use(case, row_id)
        with transaction():
            InstanceWriteService().soft_delete(instance_id, operator_id=None)

        with pytest.raises(Conflict) as caught, transaction():
            case.service.delete(row_id, operator_id=None)

        assert type(caught.value) is case.service.kind.in_use
        assert caught.value.extra["used_by_count"] == 1
        assert [(one.id, one.in_bin) for one in caught.value.extra["instances"]] == [(instance_id, True)]
        with snapshot():
            assert case.service.get(row_id)

    def test_ends_when_the_instance_lets_go(self, case, database):
        row_id = case.create()
        instance_id = use(case, row_id)
        with transaction():
            nothing = {"tag_names": [], "environment": None, "cluster_id": None, "credential_id": None}
            fields = {"name": "orders-01", "db_type": "postgresql", "host": "db1.example.com", "port": 5432}
            InstanceWriteService().update(instance_id, {**fields, **nothing}, operator_id=None)

        with transaction():
            case.service.delete(row_id, operator_id=None)

        table = case.service.kind.model.__tablename__
        assert stored(database, f"SELECT count(*) FROM {table} WHERE id = ?", row_id) == [(0,)]
