"""The recent changes of `GET /api/v1/overview`: a change by itself as history has it, those of one call once."""

import pytest

from app.domain.reporting.overview import changes

OVERVIEW = "/api/v1/overview"
LIST = "/api/v1/instances"


@pytest.fixture
def shown(house):
    def read(owner, role="viewer"):
        answer = house.as_role(role).get(OVERVIEW, query_string={"owner": owner})
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["overview"]["changes"]

    return read


@pytest.fixture
def several(house):
    """Register instances of one owner in one call; returns their names in order."""

    def make(owner, count, **options):
        bodies = [house.body(owner=owner, port=one + 1) for one in range(count)]
        operations = [{"op": "create", "data": body} for body in bodies]
        assert house.admin.post(f"{LIST}/batch", {"operations": operations}, **options).status_code == 200
        return [body["name"] for body in bodies]

    return make


def in_short(entries):
    return [(one["action"], one["group"] and one["group"]["count"]) for one in entries]


class TestAChangeByItself:
    def test_is_as_the_history_of_the_instance_has_it(self, house, shown):
        mine, other = house.instance(owner="changing"), house.instance(owner="another")
        path = f"{LIST}/{mine['id']}"
        house.admin.patch(path, {"description": "new"})
        house.admin.patch(f"{LIST}/{other['id']}", {"description": "new"})
        house.admin.post(f"{path}/delete", {"reason": "old"})

        found = shown("changing")

        assert [one["action"] for one in found] == ["instance.delete", "instance.update", "instance.create"]
        assert found == [{**one, "group": None} for one in house.history(mine["id"])]

    def test_stays_one_where_a_program_calls_all_of_its_requests_the_same(self, house, shown):
        made = [house.instance(owner="pipeline") for _ in range(2)]
        for one in made:
            answer = house.admin.patch(f"{LIST}/{one['id']}", {"contact": "ann"}, headers={"X-Request-ID": "run-7"})
            assert answer.headers["X-Request-ID"] == "run-7"

        found = shown("pipeline")

        assert in_short(found)[:2] == [("instance.update", None), ("instance.update", None)]
        assert {one["request_id"] for one in found[:2]} == {"run-7"}


class TestChangesOfOneCall:
    def test_are_one_that_says_how_many_by_whom_and_names_the_newest(self, house, shown, several):
        names = several("flood", 40)
        single = house.instance(owner="flood")

        first, group = shown("flood")

        assert (first["entity_name"], first["group"]) == (single["name"], None)
        assert [one["name"] for one in group["group"]["instances"]] == names[:-6:-1]
        assert (group["action"], group["group"]["count"], group["group"]["import_id"]) == ("instance.create", 40, None)
        assert (group["actor"]["username"], group["entity_name"]) == ("admin", names[-1])

    def test_name_an_instance_once_that_was_changed_twice(self, house, shown):
        row = house.instance(owner="twice")
        operations = [{"op": "update", "id": row["id"], "data": {"port": port}} for port in (7001, 7002)]
        answer = house.admin.post(f"{LIST}/batch", {"operations": operations})
        assert answer.status_code == 200, answer.json

        group = shown("twice")[0]["group"]

        assert (group["count"], group["instances"]) == (2, [{"id": row["id"], "name": row["name"]}])

    def test_are_found_in_the_audit_log_by_their_moment_and_action(self, house, shown, several):
        several("moment", 3)
        [group] = shown("moment")

        query = {"since": group["at"], "action": group["action"], "limit": 3, "cursor": ""}
        events = house.admin.get("/api/v1/audit-events", query_string=query).json["data"]["items"]

        assert {one["request_id"] for one in events} == {group["request_id"]}
        assert {one["at"] for one in events} == {group["at"]}

    def test_stand_apart_by_what_was_done(self, house, shown, several):
        several("apart", 3)
        wanted = {"owner": ["apart"]}
        operations = [
            {"op": "update", "filter": wanted, "data": {"contact": "ann"}},
            {"op": "delete", "filter": wanted, "data": {"reason": "old"}},
        ]

        assert house.admin.post(f"{LIST}/batch", {"operations": operations}).status_code == 200

        assert sorted(in_short(shown("apart"))) == [
            ("instance.create", 3), ("instance.delete", 3), ("instance.update", 3),
        ]  # fmt: skip

    def test_count_only_those_of_the_instances_that_were_asked_for(self, house, shown, several):
        several("mine", 2)
        operations = [{"op": "update", "filter": {"search": "it"}, "data": {"contact": "everybody"}}]

        assert house.admin.post(f"{LIST}/batch", {"operations": operations}).status_code == 200

        assert in_short(shown("mine")) == [("instance.update", 2), ("instance.create", 2)]


class TestAnImport:
    def test_is_named_with_what_it_made_and_what_it_changed(self, house, shown, take):
        old = [house.instance(owner="imported", port=one + 1)["name"] for one in range(2)]
        new = [house.new_name() for _ in range(3)]
        lines = [f"{name},mysql,h.example.com,{number + 3000},imported" for number, name in enumerate([*old, *new])]
        _, made = take("\n".join(["name,db_type,host,port,owner", *lines]))

        found = shown("imported")[:2]

        assert sorted(in_short(found)) == [("instance.create", 3), ("instance.update", 2)]
        assert {one["group"]["import_id"] for one in found} == {made["id"]}
        listed = house.admin.get(f"{LIST}?import_id={made['id']}&limit=1").json["data"]["total"]
        assert listed == sum(one["group"]["count"] for one in found)

    def test_that_was_undone_is_named_once_more(self, house, shown, take):
        lines = [f"{house.new_name()},mysql,h.example.com,{number + 1},undone" for number in range(2)]
        _, made = take("\n".join(["name,db_type,host,port,owner", *lines]))

        assert house.admin.post(f"/api/v1/imports/{made['id']}/undo").status_code == 200

        found = shown("undone")
        assert in_short(found) == [("instance.delete", 2), ("instance.create", 2)]
        assert [one["group"]["import_id"] for one in found] == [made["id"]] * 2


class TestTheList:
    def test_has_ten_entries_at_most_and_events_of_instances_alone(self, house, shown, several):
        for _ in range(6):
            several("many", 2)
            house.instance(owner="many")
            house.tag()

        found = shown("many")

        assert in_short(found) == [("instance.create", None), ("instance.create", 2)] * 5
        assert {one["entity_type"] for one in found} == {"instance"}

    def test_is_looked_for_among_the_newest_events_alone(self, house, shown, several, monkeypatch):
        several("long ago", 6)
        house.tag()
        monkeypatch.setattr(changes, "LOOKED_AT", 4)

        assert in_short(shown("long ago")) == [("instance.create", 3)]

    def test_takes_as_many_statements_whatever_was_done_at_once(self, house, several, count):
        several("counted", 20)

        assert count("viewer", "GET", f"{OVERVIEW}?owner=counted") == 6

    @pytest.mark.sqlite  # the other database plans by what it knows of the rows, and there are few here
    def test_is_read_down_from_the_newest_event(self, house, statements):
        with statements() as found:
            assert house.admin.get(f"{OVERVIEW}?owner=planned").status_code == 200
        [(statement, parameters)] = [one for one in found if "dense_rank" in one[0]]

        with house.database.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()

        assert [str(row[3]) for row in rows if "audit_events" in row[3]] == [
            "SCAN audit_events",  # by its key, and no further than the limit says
            "SEARCH audit_events USING INTEGER PRIMARY KEY (rowid=?)",
        ]
