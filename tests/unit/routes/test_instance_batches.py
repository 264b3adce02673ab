"""POST /instances/batch: many changes under the rules of single ones, all or none, each fault of each item at once."""

import pytest
from sqlalchemy import event

from tests.support.api import faults

BATCH = "/api/v1/instances/batch"
INSTANCES = "/api/v1/instances"


@pytest.fixture
def batch(house):
    """Send operations; returns the answer and the results (of a refusal: what the error holds)."""

    def send(*operations, role="admin", status=200, **more):
        answer = house.as_role(role).post(BATCH, {"operations": list(operations), **more})
        assert answer.status_code == status, answer.json
        return answer, (answer.json["data"] if status == 200 else answer.json["extra"])["results"]

    return send


def outline(results):
    return [
        (one["index"], one["status"], [(fault["field"], fault["code"]) for fault in one["errors"]]) for one in results
    ]


def plain(house, instance_id, *names):
    """Return what an instance is and what was done to it, without what every instance has for itself."""
    own = {"id", "created_at", "updated_at", "deleted_at", "name", "host", *names}
    history = [
        (
            one["action"],
            one["reason"],
            [
                {**change, "before": None, "after": None} if change["field"] in own else change
                for change in one["changes"]
            ],
        )
        for one in house.history(instance_id)
    ]
    return {key: value for key, value in house.detail(instance_id).items() if key not in own}, history


class TestBatch:
    def test_leaves_behind_what_single_writes_leave_behind(self, house, batch):
        tags = sorted(house.tag()["name"] for _ in range(3))
        credential, cluster = house.credential(), house.cluster()
        full = {
            "tag_names": tags[:2], "credential_id": credential["id"], "cluster_id": cluster["id"],
            "environment": "production", "custom": {"rack": "B1", "n": 1}, "description": "=1\n\"x\"",
            "muted_until": "2027-01-01T00:00:00+08:00", "criticality": "2",
        }  # fmt: skip
        one, other = house.body(**full), house.body(**full)
        changed = {"port": 5433, "lifecycle": "retired", "environment": None, "tag_names": tags[1:], "owner": "ops"}
        kept = ("db_type", "port")
        single = house.made("instances", one)["id"]
        house.admin.put(f"{INSTANCES}/{single}", {**{name: one[name] for name in ("name", "host", *kept)}, **changed})
        house.admin.post(f"{INSTANCES}/{single}/delete", {"reason": "moved"})
        house.admin.post(f"{INSTANCES}/{single}/restore", {"reason": "back"})

        name = other["name"]
        _, results = batch(
            {"op": "create", "data": other},
            {"op": "update", "name": name, "data": changed},
            {"op": "update", "name": name, "data": changed},
            {"op": "delete", "name": name, "data": {"reason": "moved"}},
            {"op": "delete", "name": name},
            {"op": "restore", "name": name, "data": {"reason": "back"}},
        )

        assert [one["status"] for one in results] == [
            "created", "updated", "unchanged", "deleted", "unchanged", "restored",
        ]  # fmt: skip
        assert len({one["id"] for one in results}) == 1
        assert plain(house, results[0]["id"]) == plain(house, single)
        assert house.detail(single)["version"] == 4

    def test_tells_each_fault_of_each_item_and_writes_nothing(self, house, batch):
        held, in_bin = house.instance(external_ids={"cmdb": house.new_name()}), house.instance()
        house.admin.post(f"{INSTANCES}/{in_bin['id']}/delete")
        sound = house.body()
        rows = house.rows()

        answer, results = batch(
            {"op": "create", "data": sound},
            {"op": "create", "data": {**house.body(), "port": 70000, "tag_names": ["nowhere"], "credential_id": 10**9}},
            {"op": "create", "data": house.body(name=held["name"], external_ids=held["external_ids"])},
            {"op": "create", "data": house.body(name=in_bin["name"])},
            {"op": "create", "data": house.body(name=sound["name"])},
            {
                "op": "update",
                "id": held["id"],
                "name": held["name"],
                "data": {"lifecycle": "retired", "is_active": True},
            },
            {"op": "update", "name": in_bin["name"], "data": {"port": 1, "colour": "red"}},
            {"op": "tag", "id": held["id"], "data": {"tag_names": []}},
            {"op": "delete", "id": 10**9},
            {"op": "delete", "filter": {}},
            {"op": "explode", "name": held["name"]},
            "nonsense",
            status=400,
        )

        assert outline(results) == [
            (0, "not_written", []),
            (1, "error", [
                ("data.port", "out_of_range"), ("data.tag_names.0", "unknown_reference"),
                ("data.credential_id", "unknown_reference"),
            ]),
            (2, "error", [("data.name", "name_taken"), ("data.external_ids.cmdb", "external_id_taken")]),
            (3, "error", [("data.name", "name_taken_in_bin")]),
            (4, "error", [("data.name", "name_taken_in_batch")]),
            (5, "error", [("id", "one_target"), ("data.is_active", "retired_is_inactive")]),
            (6, "error", [("data.colour", "unknown"), ("id", "in_bin")]),
            (7, "error", [("data.tag_names", "too_short")]),
            (8, "error", [("id", "no_such_id")]),
            (9, "error", [("filter", "empty_filter")]),
            (10, "error", [("op", "not_a_choice")]),
            (11, "error", [("body", "wrong_type")]),
        ]  # fmt: skip
        assert results[7]["errors"][0]["message"] == "The length must be at least 1"
        summary = answer.json["extra"]["summary"]
        assert {status: count for status, count in summary.items() if count} == {"not_written": 1, "error": 11}
        assert faults(answer)["operations.1.data.port"] == "out_of_range"
        assert len(faults(answer)) == sum(len(one["errors"]) for one in results)
        assert house.rows() == rows

    def test_writes_what_is_sound_where_all_or_none_was_not_asked_for(self, house, batch):
        sound, faulty = house.body(), house.body(port=0)
        answer, results = batch(
            {"op": "create", "data": faulty},
            {"op": "create", "data": sound},
            {"op": "update", "name": faulty["name"], "data": {"port": 1}},
            atomic=False,
        )

        assert outline(results) == [
            (0, "error", [("data.port", "out_of_range")]),
            (1, "created", []),
            (2, "error", [("name", "no_such_name")]),
        ]
        assert answer.json["data"]["summary"]["created"] == 1
        assert house.detail(results[1]["id"])["name"] == sound["name"]

    def test_names_no_id_of_what_was_not_written(self, house, batch):
        """A filter makes the store know what came before, and the store gives ids that then belong to nobody."""
        owner, known = house.new_name("owner"), house.instance()
        operations = [
            {"op": "create", "data": house.body(owner=owner)},
            {"op": "update", "filter": {"owner": owner}, "data": {"port": 1}},
            {"op": "update", "id": known["id"], "data": {"port": 1}},
        ]

        _, refused = batch(*operations, {"op": "delete", "id": 10**9}, status=400)
        rehearsed = house.admin.post(f"{BATCH}?dry_run=true", {"operations": operations}).json

        assert [one["id"] for one in refused] == [None, None, known["id"], None]
        assert [one["id"] for one in rehearsed["data"]["results"]] == [None, None, known["id"]]
        changes = rehearsed["meta"]["dry_run"]["changes"]
        assert [one["entity_id"] for one in changes] == [None, None, known["id"]]

    def test_sees_what_came_before(self, house, batch):
        """Names move on, ids of other systems too, and a filter finds what an operation has just made."""
        owner, tag = house.new_name("owner"), house.tag()["name"]
        a, b = (house.instance(owner=owner, external_ids={"cmdb": house.new_name()}) for _ in range(2))

        _, results = batch(
            {"op": "update", "id": a["id"], "data": {"name": "on-the-way", "external_ids": {"cmdb": None}}},
            {"op": "update", "id": b["id"], "data": {"name": a["name"], "external_ids": a["external_ids"]}},
            {"op": "update", "name": "on-the-way", "data": {"name": b["name"], "external_ids": b["external_ids"]}},
            {"op": "create", "data": house.body(owner=owner)},
            {"op": "tag", "filter": {"owner": owner}, "data": {"tag_names": [tag]}},
            {"op": "untag", "id": a["id"], "data": {"tag_names": [tag]}},
            {"op": "delete", "filter": {"owner": owner, "not_tags": tag}},
            {"op": "delete", "filter": {"owner": house.new_name("nobody")}},
        )

        assert [(one["index"], one["status"]) for one in results] == [
            (0, "updated"), (1, "updated"), (2, "updated"), (3, "created"), (4, "updated"), (4, "updated"),
            (4, "updated"), (5, "updated"), (6, "deleted"), (7, "unchanged"),
        ]  # fmt: skip
        assert (house.detail(a["id"])["name"], house.detail(b["id"])["name"]) == (b["name"], a["name"])
        assert house.detail(a["id"])["external_ids"] == b["external_ids"]
        assert house.detail(a["id"])["status"] == "deleted"
        assert [one["name"] for one in house.detail(b["id"])["tags"]] == [tag]

    def test_merges_members_and_tags(self, house, batch):
        tags = sorted(house.tag()["name"] for _ in range(3))
        instance = house.instance(custom={"a": 1, "b": 2}, tag_names=tags[:2])

        batch(
            {"op": "update", "id": str(instance["id"]), "data": {"custom": {"a": None, "c": "3"}, "description": None}},
            {"op": "update", "id": instance["id"], "data": {"add_tags": tags[2:], "remove_tags": tags[:1]}},
        )

        shown = house.detail(instance["id"])
        assert shown["custom"] == {"b": 2, "c": "3"}
        assert [one["name"] for one in shown["tags"]] == tags[1:]

    def test_needs_the_action_of_each_operation(self, house, batch):
        instance, loose = house.instance(), house.credential()
        operations = [
            {"op": "delete", "id": instance["id"]},
            {"op": "create", "data": house.body()},
            {"op": "update", "id": instance["id"], "data": {"credential_id": loose["id"]}},
        ]

        _, by_operator = batch(*operations, role="operator", status=400)
        by_viewer = house.as_role("viewer").post("/api/v1/instances/batch", {"operations": operations})

        assert outline(by_operator) == [
            (0, "error", [("op", "not_permitted")]),
            (1, "not_written", []),
            (2, "error", [("data.credential_id", "not_bound")]),
        ]
        assert (by_viewer.status_code, by_viewer.json["extra"]["action"]) == (403, "update")

    def test_binds_a_credential_once_for_each_endpoint(self, house, batch):
        credential, host = house.credential(), f"{house.new_name('host')}.example.com"

        batch(*(
            {"op": "create", "data": house.body(host=host, credential_id=credential["id"])} for _ in range(2)
        ))  # fmt: skip

        endpoints = house.admin.get(f"/api/v1/credentials/{credential['id']}").json["data"]["credential"]["bindings"]
        assert [one["host"] for one in endpoints["endpoints"]] == [host]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, {"operations": "required"}),
            ({"operations": []}, {"operations": "too_short"}),
            ({"operations": [{}] * 10_001}, {"operations": "too_many"}),
            (
                {"operations": {}, "atomic": 1, "x": 1},
                {"operations": "wrong_type", "atomic": "wrong_type", "x": "unknown"},
            ),
        ],
    )
    def test_is_refused_as_a_whole_where_it_is_none(self, house, body, expected):
        assert faults(house.admin.post(BATCH, body)) == expected


def test_a_credential_stays_where_it_is_bound_however_the_instance_was_found(house, batch):
    credential = house.credential(bindings={"hosts": ["bound.example.com"]})
    instance, name = house.instance(host="bound.example.com", credential_id=credential["id"]), house.new_name()

    _, results = batch(
        {"op": "update", "filter": {"search": instance["name"]}, "data": {"name": name}},
        {"op": "update", "name": name, "data": {"host": "elsewhere.example.com"}},
        role="operator",
        status=400,
    )

    assert outline(results)[1] == (1, "error", [("data.credential_id", "not_bound")])
    assert house.detail(instance["id"])["host"] == "bound.example.com"


def test_a_deletion_keeps_the_reason_that_the_header_tells(house):
    instances = [house.instance()["id"] for _ in range(2)]
    operations = [
        {"op": "delete", "id": instances[0]},
        {"op": "delete", "id": instances[1], "data": {"reason": "its own"}},
    ]

    house.admin.post(BATCH, {"operations": operations}, headers={"X-Change-Reason": "moved"})

    assert [house.detail(one)["delete_reason"] for one in instances] == ["moved", "its own"]
    assert [house.history(one)[0]["reason"] for one in instances] == ["moved", "its own"]


def test_the_number_of_statements_does_not_grow_with_the_items(house):
    tags = [house.tag()["name"] for _ in range(2)]
    credential = house.credential(bindings={"suffixes": ["example.com"]})

    def counted(number):
        found = []

        def note(_connection, _cursor, statement, *_):
            found.append(statement)

        operations = [
            {"op": "create", "data": house.body(tag_names=tags, credential_id=credential["id"], environment="test")}
            for _ in range(number)
        ]
        moves = [{"op": "update", "name": one["data"]["name"], "data": {"port": 1}} for one in operations]
        event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            for batch in (operations, moves):
                assert house.admin.post(BATCH, {"operations": batch}).status_code == 200
        finally:
            event.remove(house.database.engine, "before_cursor_execute", note)
        return len(found)

    assert counted(2) == counted(100)


class TestSafeWrites:
    def test_a_rehearsal_tells_everything_and_writes_nothing(self, house):
        known, rows = house.instance(), house.rows()
        operations = [
            {"op": "create", "data": house.body()},
            {"op": "update", "id": known["id"], "data": {"port": 1}},
        ]

        answer = house.admin.post(f"{BATCH}?dry_run=true", {"operations": operations})

        assert [(one["id"], one["status"]) for one in answer.json["data"]["results"]] == [
            (None, "created"),
            (known["id"], "updated"),
        ]
        assert [one["action"] for one in answer.json["meta"]["dry_run"]["changes"]] == ["create", "update"]
        assert house.rows() == rows

    def test_a_repeated_call_gets_its_first_answer(self, house):
        key = {"Idempotency-Key": house.new_name("key")}
        body = {"operations": [{"op": "create", "data": house.body()}]}

        first, second = (house.admin.post(BATCH, body, headers=key) for _ in range(2))

        assert first.status_code == 200
        assert second.data == first.data
