"""How many SQL statements a call costs: session included, BEGIN and COMMIT not counted.

The numbers are pinned as they are, so that one more is noticed; the limits that must hold stand beside them.
"""

import pytest
from sqlalchemy import text

from tests.support.waiting import wait_for

CREATE = "/api/v1/instances"


@pytest.fixture
def full(house):
    """Return a body with three tags and an unbound credential, new ones at each call, at an endpoint of its own."""

    def body(*more: str) -> dict:
        fields = house.body(
            tag_names=[house.tag()["name"] for _ in range(3)], credential_id=house.credential()["id"], description="x"
        )
        further = {
            "environment": lambda: house.environment()["key"],
            "cluster_id": lambda: house.cluster()["id"],
            "external_ids": lambda: {"cmdb": house.new_name(), "cloud": house.new_name()},
        }
        return {**fields, **{name: further[name]() for name in more}}

    return body


class TestReading:
    LIST_LIMIT, DETAIL_LIMIT = 4, 3

    @pytest.mark.parametrize(
        ("query", "pinned"),
        [
            ("", 3),
            ("count=false", 2),
            ("limit=100&include_deleted=true", 3),
            ("search=x&db_type=mysql&status=active&tags=a&tags=b&sort=status&page=2", 4),
            ("cursor=&sort=owner&fields=name,tags,credential", 2),
            ("owner=a&environment=b&credential=c&cluster=d&not_tags=e&external_id=f:g&custom=h:i", 3),
        ],
    )
    def test_the_list(self, house, full, count, query, pinned):
        for _ in range(3):
            house.made("instances", full("environment"))

        taken = count("viewer", "GET", f"{CREATE}?{query}")

        assert taken == pinned
        assert taken <= self.LIST_LIMIT

    def test_the_detail(self, house, full, count):
        instance = house.made("instances", full("environment", "cluster_id", "external_ids"))
        path = f"{CREATE}/{instance['id']}"

        shown = count("viewer", "GET", path)
        house.admin.post(f"{path}/delete")
        in_bin = count("viewer", "GET", f"{path}?include_deleted=true")

        assert (shown, in_bin) == (2, 2)
        assert max(shown, in_bin) <= self.DETAIL_LIMIT

    def test_a_search_over_everything(self, house, full, count):
        house.made("instances", {**full(), "name": "findable"})

        assert count("viewer", "GET", "/api/v1/search?q=findable") == 4
        assert count("viewer", "GET", "/api/v1/search?q=nothing-like-it") == 3

    def test_the_targets_of_prometheus(self, house, full, count):
        for _ in range(3):
            house.made("instances", full("environment", "cluster_id", "external_ids"))

        assert count("viewer", "GET", "/api/v1/discovery/prometheus?exporter=postgres_exporter") == 2

    @pytest.mark.parametrize(("path", "status", "pinned"), [("live", 200, 0), ("ready", 200, 2)])
    def test_the_probes(self, count, path, status, pinned):
        assert count("viewer", "GET", f"/health/{path}", status=status) == pinned

    @pytest.mark.parametrize("path", [CREATE, f"{CREATE}/1"])
    def test_costs_nothing_for_a_caller_without_a_session(self, house, statements, path):
        caller = house.anonymous

        with statements() as found:
            assert caller.get(path).status_code == 401

        assert found == []


class TestWriting:
    LIMIT = 8  # with three tags and a credential; each further reference one more

    @pytest.mark.parametrize(
        ("further", "pinned"),
        [((), 8), (("environment",), 9), (("cluster_id",), 9), (("environment", "cluster_id"), 10)],
    )
    @pytest.mark.parametrize("role", ["dba", "admin"])
    def test_a_create_that_binds_the_credential(self, full, count, role, further, pinned):
        taken = count(role, "POST", CREATE, full(*further), 201)

        assert taken == pinned
        assert taken <= self.LIMIT + len(further)

    @pytest.mark.parametrize(
        ("further", "pinned"),
        [((), 8), (("environment",), 9), (("cluster_id",), 9), (("environment", "cluster_id"), 10)],
    )
    @pytest.mark.parametrize("role", ["dba", "admin"])
    def test_a_change_of_all_tags_name_endpoint_and_credential(self, house, full, count, role, further, pinned):
        path = f"{CREATE}/{house.made('instances', full(*further))['id']}"

        taken = count(role, "PUT", path, {**full(*further), "db_type": "mysql", "port": 3306})

        assert taken == pinned
        assert taken <= self.LIMIT + len(further)

    def test_by_an_operator_with_a_bound_credential(self, house, full, count):
        bound = house.credential(bindings={"suffixes": ["example.com"]})["id"]
        created = count("operator", "POST", CREATE, {**full(), "credential_id": bound}, 201)
        path = f"{CREATE}/{house.made('instances', full())['id']}"

        changed = count("operator", "PUT", path, {**full(), "credential_id": bound})

        assert (created, changed) == (7, 7)

    def test_the_least(self, house, count):
        body = house.body()
        created = count("operator", "POST", CREATE, house.body(), 201)
        path = f"{CREATE}/{house.made('instances', body)['id']}"

        changed, same = (count("operator", "PUT", path, {**body, "port": 1}) for _ in range(2))

        assert (created, changed, same) == (4, 4, 2)

    def test_delete_and_restore(self, house, full, count):
        path = f"{CREATE}/{house.made('instances', full('environment', 'cluster_id', 'external_ids'))['id']}"

        taken = [count("dba", "POST", f"{path}/{verb}") for verb in ("delete", "delete", "restore", "restore")]

        assert taken == [4, 2, 5, 2]

    @pytest.mark.parametrize("number", [1, 3, 20])
    def test_costs_the_same_for_any_number_of_tags(self, house, count, number):
        tags = [house.tag()["name"] for _ in range(number)]

        assert count("operator", "POST", CREATE, house.body(tag_names=tags), 201) == 6


@pytest.mark.sqlite  # on PostgreSQL a plan depends on statistics
class TestTheWayOfAChange:
    @pytest.fixture
    def many(self, house):
        if house.admin.get(f"{CREATE}?name=many-1").json["data"]["total"]:
            return house
        instance = house.instance()
        with house.database.engine.begin() as connection:
            columns = [row[1] for row in connection.execute(text("PRAGMA table_info(instances)"))]
            plain = ", ".join(column for column in columns if column not in {"id", "name", "host_key"})
            connection.execute(
                text(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                    f" INSERT INTO instances (name, host_key, {plain})"
                    f" SELECT 'many-' || i, 'h' || i, {plain} FROM n, instances WHERE id = :id"
                ),
                {"id": instance["id"]},
            )
            connection.execute(text("ANALYZE"))
        return house

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"port": 1},
            {"host": "h7"},
            {"sid": "A", "service_name": "s", "instance_name": "i"},
            {"credential_id": None},
        ],
    )
    def test_reads_no_table_from_end_to_end(self, many, statements, fields):
        body = many.body()
        path = f"{CREATE}/{many.made('instances', body)['id']}"
        caller = many.as_role("dba")

        with statements() as found:
            assert caller.put(path, {**body, **fields}).status_code == 200

        plans = []
        with many.database.engine.connect() as connection:
            for statement, parameters in found:
                if statement.lstrip().startswith("SELECT") and " instances" in statement:
                    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                    plans += [row[3] for row in rows]
        assert any("instances" in step for step in plans)
        # "neighbours" is what the index found of them, 20 at most.
        assert [step for step in plans if step.startswith("SCAN") and step != "SCAN neighbours"] == []


class TestSafeWrites:
    """What makes a write safe is a statement or two, and a rehearsal is the write with a look before and after."""

    LIMIT = 8

    def test_a_partial_change(self, house, full, count):
        path = f"{CREATE}/{house.made('instances', full('environment', 'external_ids'))['id']}"
        tag = house.tag()["name"]

        port, tags, members, nothing = (
            count("operator", "PATCH", path, body)
            for body in (
                {"description": "y"},
                {"add_tags": [tag]},
                {"custom": {"a": 1}, "external_ids": {"cmdb": house.new_name()}},
                {"add_tags": [tag]},
            )
        )

        assert (port, tags, members, nothing) == (4, 6, 5, 3)
        assert max(port, tags, members, nothing) <= self.LIMIT

    def test_an_upsert(self, house, count):
        body = house.body()
        path = f"{CREATE}/by-name/{body['name']}"

        made = count("operator", "PUT", path, body, 201)
        changed, same = (count("operator", "PUT", path, {**body, "port": 1}) for _ in range(2))

        assert (made, changed, same) == (5, 5, 3)

    def test_the_recycle_bin(self, house, full, count):
        path = f"{CREATE}/{house.made('instances', full('environment', 'cluster_id', 'external_ids'))['id']}"

        deleted, again = (count("admin", "DELETE", path) for _ in range(2))
        purged = count("admin", "POST", f"{path}/purge")

        assert (deleted, again, purged) == (4, 2, 6)

    def test_a_call_under_a_key(self, house, count):
        body, key = house.body(), {"Idempotency-Key": house.new_name("key")}

        first, again = (count("operator", "POST", CREATE, body, 201, headers=key) for _ in range(2))

        assert (first, again) == (7, 2)

    def test_a_rehearsal(self, house, count):
        body = house.body()
        path = f"{CREATE}/{house.made('instances', body)['id']}"

        create = count("operator", "POST", f"{CREATE}?dry_run=true", house.body())
        change = count("operator", "PATCH", f"{path}?dry_run=true", {"port": 1})
        removal = count("admin", "DELETE", f"{path}?dry_run=true")

        assert (create, change, removal) == (4, 6, 6)

    def test_a_condition_costs_nothing(self, house, count):
        path = f"{CREATE}/{house.instance()['id']}"

        seen = count("operator", "PATCH", path, {"port": 1}, headers={"If-Match": '"1"'})
        late = count("operator", "PATCH", path, {"port": 2}, 412, headers={"If-Match": '"1"'})

        assert (seen, late) == (4, 2)


class TestChecks:
    """A check writes in threads of its own as well; `engine` tells when the last of it is written."""

    @pytest.fixture
    def instance(self, house, engine):
        login = house.credential(bindings={"hosts": ["192.0.2.1"]})["id"]
        made = house.instance(host="192.0.2.1", credential_id=login)
        assert house.admin.post(f"{CREATE}/{made['id']}/check").json["data"]["check"]["outcome"] == "ok"
        return f"{CREATE}/{made['id']}"

    def test_reading(self, count, instance, house):
        last = house.admin.get(f"{instance}/checks").json["data"]["items"][0]["id"]

        assert count("viewer", "GET", f"/api/v1/checks/{last}") == 3
        assert count("viewer", "GET", f"{instance}/checks") == 5
        assert count("viewer", "GET", f"{instance}/fingerprint") == 5

    def test_accepting_nothing(self, count, instance):
        assert count("operator", "POST", f"{instance}/fingerprint/accept") == 7

    @pytest.mark.parametrize(("body", "pinned"), [({}, 4), ({"unattended": True}, 4)])
    def test_beginning(self, house, engine, statements, instance, body, pinned):
        """The caller, the instance with its login, whether that may be tried or that it is used, the check."""
        with engine.held() as gate:
            with statements() as found:
                answer = house.admin.post(f"{instance}/check?wait=false", body)
                begun = [one for one, _ in found if not _of_recorder(one)]
            check_id = answer.json["data"]["check"]["id"]
            assert gate.arrived.acquire(timeout=10)
            gate.go.set()
            _until_finished(house, check_id)

        assert len(begun) == pinned + 2, begun  # and what the answer shows

    def test_ending_where_nothing_is_new(self, house, engine, statements, instance):
        with statements() as found:
            assert house.admin.post(f"{instance}/check").json["data"]["check"]["outcome"] == "ok"
        recorded = [one for one, _ in found if _of_recorder(one)]
        steps = [one for one in recorded if "INTO check_steps" in one or _looks_for_checks(one)]
        # Once a second at most those are looked for whose process has died.
        ended = [one for one in recorded if one not in steps and "checks.deadline_at <" not in one]

        assert 2 <= len(steps) <= 2 * 8, "steps that end at about the same time are written together"
        # The check with instance and fingerprint; these three; the login that was taken; the oldest that go.
        assert len(ended) == 6, ended


def _of_recorder(statement: str) -> bool:
    return statement.startswith(("UPDATE", "DELETE", "INSERT INTO check_steps")) or any(
        part in statement for part in ("LEFT OUTER JOIN fingerprints", "checks.deadline_at <", "checks.id IN")
    )


def _looks_for_checks(statement: str) -> bool:
    """Tell the question before steps are written: which of their checks are still there."""
    return statement.startswith("SELECT checks.id \nFROM checks") and "checks.id IN" in statement


def _until_finished(house, check_id):
    path = f"/api/v1/checks/{check_id}"
    wait_for(lambda: house.admin.get(path).json["data"]["check"], lambda found: found["status"] == "finished")
