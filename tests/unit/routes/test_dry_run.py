"""`?dry_run=true` checks everything, tells everything and writes nothing."""

import re

import pytest

from tests.support.api import faults

INSTANCES = "/api/v1/instances"


class TestADryRun:
    def test_of_a_create_shows_what_would_be(self, house):
        credential, body = house.credential(), house.body()
        rows = house.rows()

        answer = house.admin.post(f"{INSTANCES}?dry_run=true", {**body, "credential_id": credential["id"]})

        shown, told = answer.json["data"]["instance"], answer.json["meta"]["dry_run"]
        assert (answer.status_code, shown["id"], shown["name"]) == (200, 0, body["name"])
        assert "Location" not in answer.headers
        assert "ETag" not in answer.headers
        assert (told["before"], told["after"]["instance"]) == (None, shown)
        assert [(one["entity_type"], one["action"]) for one in told["changes"]] == [
            ("credential", "bind"),
            ("instance", "create"),
        ]
        assert house.rows() == rows
        assert house.admin.get(f"/api/v1/credentials/{credential['id']}").headers["ETag"] == '"1"'

    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_of_a_change_shows_before_and_after(self, house, method):
        row = house.instance()
        body = {"name": row["name"], "db_type": row["db_type"], "host": row["host"], "port": 6432}

        answer = house.admin.call(method, f"{INSTANCES}/{row['id']}?dry_run=true", body)

        told = answer.json["meta"]["dry_run"]
        assert (told["before"]["instance"]["port"], told["after"]["instance"]["port"]) == (5432, 6432)
        assert [change["field"] for change in told["changes"][0]["changes"]] == ["port"]
        assert house.detail(row["id"]) == row

    @pytest.mark.parametrize(
        ("thing", "after"), [("instance", "deleted"), ("tag", None), ("environment", None), ("credential", None)]
    )
    def test_of_a_deletion_leaves_it_there(self, house, thing, after):
        row = getattr(house, thing)()
        path = f"/api/v1/{thing}s/{row['id']}"

        answer = house.admin.delete(f"{path}?dry_run=true")

        told = answer.json["meta"]["dry_run"]
        assert told["before"][thing]["version"] == 1
        assert (told["after"] and told["after"][thing]["status"]) == after
        assert house.admin.get(path).json["data"][thing] == row

    def test_shows_the_reason_and_the_ticket_that_the_trail_would_keep(self, house):
        row = house.instance()
        headers = {"X-Change-Reason": "moved", "X-Change-Ticket": "CHG-1"}

        patch = house.admin.patch(f"{INSTANCES}/{row['id']}?dry_run=true", {"port": 1}, headers=headers)
        body = {"reason": "worn out"}
        delete = house.admin.post(f"{INSTANCES}/{row['id']}/delete?dry_run=true", body, headers=headers)

        [changed], [deleted] = (answer.json["meta"]["dry_run"]["changes"] for answer in (patch, delete))
        assert (changed["reason"], changed["ticket"]) == ("moved", "CHG-1")
        assert (deleted["reason"], deleted["ticket"]) == ("worn out", "CHG-1")

    def test_of_a_purge_and_of_an_upsert(self, house):
        row, body = house.instance(), house.body()
        house.admin.delete(f"{INSTANCES}/{row['id']}")

        purge = house.admin.post(f"{INSTANCES}/{row['id']}/purge?dry_run=true", {})
        upsert = house.admin.put(f"{INSTANCES}/by-name/{body['name']}?dry_run=true", body)

        assert purge.json["meta"]["dry_run"]["after"] is None
        assert house.detail(row["id"])["status"] == "deleted"
        assert (upsert.status_code, upsert.json["data"]["instance"]["id"]) == (200, 0)
        assert house.admin.get(f"{INSTANCES}/by-name/{body['name']}").status_code == 404

    def test_fails_as_the_write_would(self, house):
        row, path = house.instance(), f"{INSTANCES}?dry_run=true"

        assert faults(house.admin.post(path, {**house.body(), "port": 0})) == {"port": "out_of_range"}
        assert house.admin.post(path, {**house.body(), "name": row["name"]}).status_code == 409
        assert house.as_role("viewer").post(path, house.body()).status_code == 403
        assert house.admin.patch(f"{INSTANCES}/999999?dry_run=true", {}).status_code == 404
        stale = house.admin.patch(f"{INSTANCES}/{row['id']}?dry_run=true", {}, headers={"If-Match": '"2"'})
        assert stale.status_code == 412

    def test_keeps_no_answer(self, house):
        body, headers = house.body(), {"Idempotency-Key": house.new_name("key")}

        house.admin.post(f"{INSTANCES}?dry_run=true", body, headers=headers)

        assert house.admin.post(INSTANCES, body, headers=headers).status_code == 201

    def test_is_nothing_that_reads_and_logins_know(self, house):
        assert faults(house.admin.get(f"{INSTANCES}?dry_run=true")) == {"dry_run": "unknown_parameter"}
        login = house.anonymous.post("/api/v1/auth/logout?dry_run=true", {})
        assert login.status_code == 401
        assert faults(house.admin.post("/api/v1/auth/logout?dry_run=true", {})) == {"dry_run": "unknown_parameter"}
        token = {"name": "ci", "expires_at": "2999-01-01T00:00:00Z"}
        assert faults(house.admin.post("/api/v1/tokens?dry_run=true", token)) == {"dry_run": "unknown_parameter"}


class TestTheNoteOfAChange:
    def test_stands_in_every_event(self, house):
        headers = {"X-Change-Reason": "搬迁".encode().decode("latin-1"), "X-Change-Ticket": "CHG-7"}

        made = house.admin.post(INSTANCES, house.body(), headers=headers).json["data"]["instance"]

        [event] = house.history(made["id"])
        assert (event["reason"], event["ticket"]) == ("搬迁", "CHG-7")

    def test_may_come_in_percent_signs_and_yields_to_the_body(self, house):
        row = house.instance()
        headers = {"X-Change-Reason": "UTF-8''%E6%90%AC%E8%BF%81%20now"}

        house.admin.patch(f"{INSTANCES}/{row['id']}", {"port": 1}, headers=headers)
        house.admin.delete(f"{INSTANCES}/{row['id']}", {"reason": "mine"}, headers=headers)
        house.admin.post(f"{INSTANCES}/{row['id']}/restore", {}, headers=headers)
        house.admin.delete(f"{INSTANCES}/{row['id']}", headers=headers)

        assert [event["reason"] for event in house.history(row["id"])][:4] == [
            "搬迁 now",
            "搬迁 now",
            "mine",
            "搬迁 now",
        ]
        assert house.detail(row["id"])["delete_reason"] == "搬迁 now"

    @pytest.mark.parametrize(
        ("header", "value", "code"),
        [
            ("X-Change-Reason", "x" * 501, "too_long"),
            ("X-Change-Reason", "", "header_empty"),
            ("X-Change-Ticket", " ", "header_empty"),
            ("X-Change-Ticket", "x" * 101, "too_long"),
            ("X-Change-Reason", "UTF-8''%00", "control_characters"),
            ("X-Change-Ticket", "\xff", "invalid_unicode"),
        ],
    )
    def test_that_is_wrong_is_named_by_its_header(self, house, header, value, code):
        rows = house.rows()

        assert faults(house.admin.post(INSTANCES, house.body(), headers={header: value})) == {header: code}
        assert house.rows() == rows

    @pytest.mark.parametrize(("header", "status"), [("X-Change-Reason", 200), ("X-Change-Ticket", 400)])
    def test_holds_a_tab_where_the_document_says_so(self, house, header, status):
        document = house.anonymous.get("/api/v1/openapi.json").json["paths"]["/instances"]["post"]
        [pattern] = [one["schema"]["pattern"] for one in document["parameters"] if one["name"] == header]

        answer = house.admin.post(f"{INSTANCES}?dry_run=true", house.body(), headers={header: "moved\tthere"})

        assert (answer.status_code, bool(re.search(pattern, "moved\tthere"))) == (status, status == 200)
