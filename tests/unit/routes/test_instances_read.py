"""`GET /api/v1/instances/<id>`, as it was, and its history."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text

DETAIL = {
    "id", "name", "db_type", "host", "port", "description", "is_active", "deleted_at", "status", "main_version",
    "active_db_count", "active_account_count", "last_sync_time", "tags", "environment", "owner", "criticality",
    "lifecycle", "flavour", "database_name", "service_name", "sid", "instance_name", "credential_id", "credential",
    "cluster_id", "cluster", "contact", "location", "endpoint_kind", "platform", "external_ids", "custom",
    "muted_until", "database_version", "detailed_version", "last_connected", "created_at", "updated_at", "version",
    "deleted_by", "delete_reason", "admin_credential_id", "admin_credential", "tls_mode", "tls_ca", "tls_client_cert",
    "tls_client_key_set", "tls_legacy", "connect_timeout_ms", "statement_timeout_ms", "deadline_ms",
    "last_outcome", "last_cause", "last_attempt_at", "last_success_at", "last_error_at",
    "last_check_id", "outcome_since", "last_network", "role", "tls_state", "tls_not_after",
}  # fmt: skip


class TestDetail:
    def test_of_the_least_instance_holds_every_field(self, house):
        body = house.body()

        instance = house.detail(house.made("instances", body)["id"])

        assert set(instance) == DETAIL
        said = {**body, "is_active": True, "status": "active", "lifecycle": "active", "endpoint_kind": "server"}
        said |= {"platform": "self_hosted", "tags": [], "external_ids": {}, "version": 1}
        said |= {"tls_legacy": False, "tls_client_key_set": False}
        said |= {"connect_timeout_ms": 3000, "statement_timeout_ms": 5000, "deadline_ms": 15_000}
        assert {field: instance[field] for field in said} == said
        others = DETAIL - set(said) - {"id", "created_at", "updated_at"}
        assert {field: instance[field] for field in others} == dict.fromkeys(others)

    def test_shows_what_the_instance_refers_to(self, house):
        credential, cluster, environment = house.credential(), house.cluster(), house.environment()
        tag = house.tag(color="#1677ff")

        instance = house.instance(
            credential_id=credential["id"],
            cluster_id=cluster["id"],
            environment=environment["key"],
            tag_names=[tag["name"]],
        )

        assert instance["credential"] == {key: credential[key] for key in ("id", "name", "username")}
        assert instance["cluster"] == {key: cluster[key] for key in ("id", "name", "kind")}
        assert instance["environment"] == environment["key"]
        assert instance["tags"] == [{key: tag[key] for key in ("id", "name", "color")}]

    def test_tells_times_in_utc_with_their_offset(self, house):
        instance = house.instance(muted_until="2027-01-31T08:00:00+08:00")

        assert datetime.fromisoformat(instance["muted_until"]) == datetime.fromisoformat("2027-01-31T00:00:00Z")
        for field in ("muted_until", "created_at", "updated_at"):
            assert datetime.fromisoformat(instance[field]).utcoffset() == timedelta(0)

    @pytest.mark.parametrize(
        "instance_id", ["0", "999999", str(2**63 - 1), str(2**63), "9" * 30, "9" * 5000, "-1", "x"]
    )
    def test_of_an_id_that_nobody_has_is_404(self, house, instance_id):
        answer = house.admin.get(f"/api/v1/instances/{instance_id}")

        assert answer.status_code == 404
        assert answer.json["message_code"] == "RESOURCE_NOT_FOUND"

    @pytest.mark.parametrize("query", ["include_deleted=maybe", "include_deleted=", "deleted=true"])
    def test_refuses_what_it_does_not_know(self, house, query):
        instance = house.instance()

        answer = house.admin.get(f"/api/v1/instances/{instance['id']}?{query}")

        assert answer.json["extra"]["fields"][0]["field"] == query.partition("=")[0]
        assert answer.status_code == 400


class TestTheBin:
    def test_hides_an_instance_unless_it_is_asked_for(self, house):
        instance = house.instance()
        path = f"/api/v1/instances/{instance['id']}"
        house.as_role("dba").post(f"{path}/delete", {"reason": "replaced"})

        hidden, shown = house.admin.get(path), house.admin.get(f"{path}?include_deleted=true")

        assert (hidden.status_code, hidden.json["message_code"]) == (404, "RESOURCE_NOT_FOUND")
        assert house.admin.get(f"{path}?include_deleted=false").status_code == 404
        found = shown.json["data"]["instance"]
        assert (found["status"], found["delete_reason"]) == ("deleted", "replaced")
        assert found["deleted_by"]["username"] == "dba"
        assert datetime.fromisoformat(found["deleted_at"]).utcoffset() == timedelta(0)

    def test_gives_an_instance_back_as_it_was(self, house):
        before = house.instance(
            tag_names=[house.tag()["name"]],
            custom={"rack": 1},
            external_ids={"cmdb": house.new_name()},
            is_active=False,
        )
        path = f"/api/v1/instances/{before['id']}"
        house.admin.post(f"{path}/delete", {"reason": "a mistake"})

        after = house.admin.post(f"{path}/restore", {"reason": "sorry"}).json["data"]["instance"]

        moving = {"version", "updated_at"}
        assert {key: after[key] for key in DETAIL - moving} == {key: before[key] for key in DETAIL - moving}
        assert after["version"] == 3

    @pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", 5, ["x"]])
    @pytest.mark.parametrize("verb", ["delete", "restore"])
    def test_refuses_a_bad_reason(self, house, verb, reason):
        instance = house.instance()

        answer = house.admin.post(f"/api/v1/instances/{instance['id']}/{verb}", {"reason": reason})

        assert [fault["field"] for fault in answer.json["extra"]["fields"]] == ["reason"]
        assert house.detail(instance["id"])["version"] == 1

    @pytest.mark.parametrize("call", [("PUT", ""), ("POST", "/delete"), ("POST", "/restore"), ("GET", "/history")])
    def test_does_not_know_a_stranger(self, house, call):
        method, tail = call
        body = house.body() if method == "PUT" else None

        assert house.admin.call(method, f"/api/v1/instances/999999{tail}", body).status_code == 404

    def test_refuses_changes(self, house):
        instance = house.instance()
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        answer = house.admin.put(f"/api/v1/instances/{instance['id']}", house.body())

        assert answer.status_code == 404
        assert house.detail(instance["id"])["name"] == instance["name"]


class TestCollectedFields:
    def test_come_out_as_they_were_collected_zero_included(self, house):
        instance = house.instance()
        with house.database.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE instances SET active_db_count = 0, main_version = '15', flavour = 'Aurora' WHERE id = :id"
                ),
                {"id": instance["id"]},
            )

        found = house.detail(instance["id"])

        assert (found["active_db_count"], found["active_account_count"]) == (0, None)
        assert (found["main_version"], found["flavour"]) == ("15", "Aurora")


class TestHistory:
    def test_tells_each_change_newest_first(self, house):
        body = house.body(description="old")
        instance = house.made("instances", body)
        path = f"/api/v1/instances/{instance['id']}"
        house.as_role("operator").put(path, {**body, "port": 5433, "description": None})
        house.admin.post(f"{path}/delete", {"reason": "replaced"}, headers={"X-Request-ID": "job-7"})
        house.admin.post(f"{path}/restore")

        events = house.history(instance["id"])

        verbs = ["restore", "delete", "update", "create"]
        assert [event["action"] for event in events] == [f"instance.{verb}" for verb in verbs]
        assert events[2]["changes"] == [
            {"field": "port", "before": 5432, "after": 5433, "secret": False},
            {"field": "description", "before": "old", "after": None, "secret": False},
        ]
        assert events[2]["actor"]["username"] == "operator"
        assert (events[1]["reason"], events[1]["request_id"]) == ("replaced", "job-7")
        for event in events:
            assert (event["entity_type"], event["entity_id"]) == ("instance", instance["id"])
            assert (event["entity_name"], event["source"]) == (body["name"], "api")

    def test_says_when_a_deprecated_path_was_used(self, house):
        answer = house.admin.post("/instances/api/create", house.body())

        assert house.history(answer.json["data"]["instance"]["id"])[0]["source"] == "legacy"

    def test_of_an_instance_in_the_bin_is_shown(self, house):
        instance = house.instance()
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        answer = house.as_role("viewer").get(f"/api/v1/instances/{instance['id']}/history")

        assert answer.status_code == 200
        assert answer.json["data"]["total"] == 2

    def test_comes_in_pages(self, house):
        instance = house.instance()
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        data = house.admin.get(f"/api/v1/instances/{instance['id']}/history?page=2&limit=1").json["data"]

        assert [event["action"] for event in data["items"]] == ["instance.create"]
        assert {key: data[key] for key in data if key != "items"} == {"total": 2, "page": 2, "pages": 2, "limit": 1}


class TestAsOf:
    """A moment that an answer names shows what that answer told."""

    @pytest.fixture
    def then(self, house):
        def at(instance, moment):
            path = f"/api/v1/instances/{instance['id']}?include_deleted=true&as_of={quote(instance[moment])}"
            answer = house.admin.get(path)
            assert answer.status_code == 200, answer.json
            return answer.json["data"]["instance"]

        return at

    def test_the_moment_of_a_write_shows_what_it_wrote(self, house, then):
        new = house.instance()
        house.admin.patch(f"/api/v1/instances/{new['id']}", {"port": 6432})
        changed = house.detail(new["id"])
        house.admin.post(f"/api/v1/instances/{new['id']}/delete")
        deleted = house.detail(new["id"])

        assert then(new, "created_at")["port"] == new["port"]
        assert then(changed, "updated_at")["port"] == 6432
        assert (then(deleted, "deleted_at")["status"], deleted["updated_at"]) == ("deleted", deleted["deleted_at"])
        assert [event["at"] for event in house.history(new["id"])] == [
            deleted["deleted_at"], changed["updated_at"], new["created_at"],
        ]  # fmt: skip

    def test_so_it_does_for_many_at_once(self, house, then):
        owner = house.new_name("owner")
        operations = [
            {"op": "create", "data": house.body(owner=owner)},
            {"op": "update", "filter": {"owner": owner}, "data": {"port": 1}},
            {"op": "create", "data": house.body(owner=owner, port=1)},
            {"op": "delete", "filter": {"owner": owner}},
        ]
        results = house.admin.post("/api/v1/instances/batch", {"operations": operations}).json["data"]["results"]

        ids = {one["id"] for one in results}
        for made in map(house.detail, ids):
            assert {made["created_at"], made["updated_at"], made["deleted_at"]} == {made["created_at"]}
            assert {event["at"] for event in house.history(made["id"])} == {made["created_at"]}
            shown = then(made, "deleted_at")
            assert (shown["port"], shown["status"]) == (1, "deleted")
        assert len(ids) == 2

    def test_by_name_as_by_id(self, house):
        instance = house.instance()
        house.admin.patch(f"/api/v1/instances/{instance['id']}", {"port": 6432})

        answer = house.admin.get(f"/api/v1/instances/by-name/{instance['name']}?as_of={quote(instance['created_at'])}")

        assert answer.json["data"]["instance"]["port"] == instance["port"]
