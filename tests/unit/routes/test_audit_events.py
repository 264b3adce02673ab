"""`/audit-events`: the list, one event, the state of the chain; and what logins, logouts and refusals leave there."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import transaction
from app.core.errors import Unavailable
from app.domain.access.token_text import new_secret
from app.domain.audit import refusals, sealing
from tests.support.api import PASSWORD, ApiCaller, faults

PATH = "/api/v1/audit-events"


def events(house, **query):
    answer = house.as_role("auditor").get(PATH, query_string={"limit": 100, **query})
    assert answer.status_code == 200, answer.json
    return answer.json["data"]["items"]


def told(event):
    return {change["field"]: change["after"] for change in event["changes"]}


class TestTheList:
    def test_filters_by_everything_that_an_event_is_of(self, house):
        operator = house.as_role("operator")
        made = operator.post("/api/v1/instances", house.body()).json["data"]["instance"]
        operator.put(f"/api/v1/instances/{made['id']}", {**house.body(), "name": made["name"], "port": 1})
        me = operator.get("/api/v1/auth/me").json["data"]["user"]

        mine = events(house, entity_type="instance", entity_id=made["id"])
        newest = mine[0]

        assert [event["action"] for event in mine] == ["instance.update", "instance.create"]
        assert newest["actor"] == {"id": me["id"], "username": "operator"}
        assert (newest["entity_name"], newest["source"], newest["reverts_id"]) == (made["name"], "api", None)
        one = house.admin.get(f"{PATH}/{newest['id']}").json["data"]["audit_event"]
        assert one == newest
        same = {"entity_id": made["id"], "actor_id": me["id"], "action": "instance.update"}
        assert events(house, **same, since=newest["at"]) == [newest]
        assert events(house, **same, until=newest["at"]) == []
        assert events(house, **{**same, "actor_id": me["id"] + 1000}) == []

    def test_goes_on_behind_a_cursor_whatever_comes_meanwhile(self, house):
        tag = house.tag()
        for number in range(4):
            house.admin.put(f"/api/v1/tags/{tag['id']}", {"name": tag["name"], "description": str(number)})
        query = {"entity_type": "tag", "entity_id": tag["id"], "limit": 2}

        def page(cursor):
            answer = house.admin.get(PATH, query_string={**query, "cursor": cursor}).json
            assert answer["data"]["total"] is None
            return [event["id"] for event in answer["data"]["items"]], answer["meta"]["next_cursor"]

        first, after_first = page("")
        house.admin.put(f"/api/v1/tags/{tag['id']}", {"name": tag["name"], "description": "meanwhile"})
        second, after_second = page(after_first)
        third, after_third = page(after_second)

        assert [len(first), len(second), len(third)] == [2, 2, 1]
        assert sorted({*first, *second, *third}, reverse=True) == [*first, *second, *third]
        assert after_third is None
        listed = house.admin.get(PATH, query_string={**query, "count": "false", "page": 3}).json["data"]
        assert (len(listed["items"]), listed["total"], listed["pages"]) == (2, None, None)

    def test_refuses_what_it_does_not_know(self, house):
        answer = house.admin.get(f"{PATH}?entity_id=x&since=2027-01-01T00:00:00&cursor=x&wrong=1")

        assert faults(answer) == {
            "entity_id": "wrong_type",
            "since": "time_without_offset",
            "cursor": "invalid_format",
            "wrong": "unknown_parameter",
        }
        missing = house.admin.get(f"{PATH}/999999")
        assert (missing.status_code, missing.json["extra"]["reason"]) == (404, "audit.not_found")

    def test_costs_the_same_for_any_number_of_events(self, house, statements):
        house.instance()
        auditor = house.as_role("auditor")
        taken = []
        for path in (PATH, f"{PATH}?limit=1&count=false", f"{PATH}?cursor=&action=x", f"{PATH}/1", f"{PATH}/chain"):
            with statements() as found:
                assert auditor.get(path).status_code == 200
            taken.append(len(found))

        assert taken == [3, 2, 2, 2, 5]


class TestTheChain:
    def test_says_how_far_it_is_sealed(self, house):
        house.instance()
        house.as_role("auditor")
        keys = house.app.extensions["muster"].parts().keys
        sealing.seal_pending(keys=keys)
        newest = events(house, limit=1)[0]

        chain = house.as_role("auditor").get(f"{PATH}/chain").json["data"]["chain"]

        assert (chain["sealed"]["last_id"], chain["unsealed"]) == (newest["id"], 0)
        assert len(chain["sealed"]["hash"]) == 64
        assert (chain["verified"], chain["begins_at"]) == (None, None)


class TestSessions:
    def test_begin_and_end_with_an_event(self, house):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "viewer"})
        caller = ApiCaller(house.app).log_in(user["username"])
        new = {"old_password": PASSWORD, "new_password": "another horse battery"}
        caller.token = caller.post("/api/v1/auth/change-password", new).json["data"]["csrf_token"]
        caller.post("/api/v1/auth/logout")

        logout, again, login = events(house, entity_type="session", actor_id=user["id"])

        assert [event["action"] for event in (login, again, logout)] == ["session.login"] * 2 + ["session.logout"]
        assert login["actor"] == logout["actor"] == {"id": user["id"], "username": user["username"]}
        assert told(login) == told(again) == {"address": "127.0.0.1"}


class TestRefusals:
    """What anybody can cause must neither flood the trail nor fail an answer."""

    @pytest.fixture(autouse=True)
    def _forgotten(self, house):
        house.app.extensions["muster"].refusals._counts.clear()
        with transaction() as session:
            session.connection().exec_driver_sql("DELETE FROM login_failures")

    @pytest.fixture
    def counted(self, house):
        return house.app.extensions["muster"].refusals

    def test_of_logins_are_counted_by_user_and_address(self, house, counted):
        names = ["dba", "dba", "dba", "nobody", "s3cret-typed-as-a-name"]
        before = len(events(house, action="session.refused"))
        for name in names:
            caller = house.anonymous
            caller.token = caller.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
            answer = caller.post("/api/v1/auth/login", {"username": name, "password": "wrong" + PASSWORD})
            assert answer.status_code == 401
        at_once = events(house, action="session.refused")
        counted.flush(everything=True)

        found = events(house, action="session.refused")[: -before or None]
        assert len(at_once) - before == 2
        assert {(event["entity_name"], told(event)["count"]) for event in found} == {
            ("dba", 1), ("dba", 2), (None, 1),
        }  # fmt: skip
        assert all(event["actor"] == {"id": None, "username": "anonymous"} for event in found)
        assert "s3cret" not in str(found)

    def test_of_rights_are_counted_by_user_and_action(self, house, counted):
        viewer, rows = house.as_role("viewer"), house.rows()
        path = f"/api/v1/instances/{house.instance()['id']}"
        after = house.rows()
        before = len(events(house, action="access.denied"))
        for _ in range(5):
            assert viewer.put(path, {}).status_code == 403
        assert viewer.post(f"{path}/delete").status_code == 403
        assert viewer.put(path, {}, headers={"X-CSRFToken": ""}).json["message_code"] == "PERMISSION_REQUIRED"
        counted.flush(everything=True)

        found = events(house, action="access.denied")[: -before or None]
        assert sorted((told(event)["wanted"], told(event)["count"]) for event in found) == [
            ("delete", 1), ("update", 1), ("update", 5),
        ]  # fmt: skip
        assert {event["actor"]["username"] for event in found} == {"viewer"}
        assert (rows != after, house.rows()) == (True, after)

    def test_of_tokens_are_counted_by_token_and_reason(self, house, counted):
        body = {
            "name": house.new_name("token"),
            "expires_at": (clock.now() + timedelta(days=1)).isoformat(),
            "networks": ["10.0.0.0/8"],
        }
        made = house.admin.post("/api/v1/tokens", body).json["data"]["token"]
        before = len(events(house, action="token.refused"))
        never_given = new_secret()
        for secret in (made["secret"], made["secret"], made["secret"], never_given, "no token at all"):
            headers = {"Authorization": f"Bearer {secret}"}
            assert house.anonymous.get("/api/v1/auth/me", headers=headers).status_code == 401
        counted.flush(everything=True)

        found = events(house, action="token.refused")[: -before or None]
        told_of = sorted((event["entity_id"] or 0, told(event)["why"], told(event)["count"]) for event in found)
        assert told_of == [
            (0, "token.unknown", 1), (made["id"], "token.network", 1), (made["id"], "token.network", 2),
        ]  # fmt: skip
        assert {(event["entity_name"], event["actor"]["username"]) for event in found} == {
            (None, "anonymous"), (made["name"], "anonymous"),
        }  # fmt: skip
        assert told(found[-1])["address"] == "127.0.0.1"
        assert never_given not in str(found)

    def test_of_a_csrf_token_are_none(self, house, counted):
        assert house.as_role("operator").post("/api/v1/instances", {}, headers={"X-CSRFToken": ""}).status_code == 403

        assert not counted.is_waiting()

    def test_wait_where_the_store_cannot_be_written(self, house, counted, monkeypatch):
        def refuse(**_):
            raise Unavailable

        before = events(house, action="access.denied")
        monkeypatch.setattr(refusals, "transaction", refuse)
        for _ in range(3):
            answer = house.as_role("viewer").post("/api/v1/instances", {})
            assert (answer.status_code, answer.json["message_code"]) == (403, "PERMISSION_REQUIRED")
        monkeypatch.undo()
        assert events(house, action="access.denied") == before

        counted.flush(everything=True)

        assert [told(event)["count"] for event in events(house, action="access.denied")[: -len(before) or None]] == [3]

    def test_are_told_apart_only_so_far(self, house, counted, monkeypatch):
        monkeypatch.setattr(refusals, "_KINDS_MOST", 3)
        before = len(events(house, action="session.refused"))
        for number in range(50):
            counted.note(refusals.login_refused(user_id=None, username=None, address=f"10.0.0.{number}"))
        counted.flush(everything=True)

        found = events(house, action="session.refused")[: -before or None]
        assert sum(told(event)["count"] for event in found) == 50
        assert [told(event).get("address") for event in reversed(found)] == [
            "10.0.0.0",
            "10.0.0.1",
            "10.0.0.2",
            None,
            None,
        ]


class TestAnInstanceAsOf:
    def test_is_shown_as_it_was(self, house, statements):
        made = house.instance(tag_names=[house.tag()["name"]], credential_id=house.credential()["id"])
        path = f"/api/v1/instances/{made['id']}"
        then = house.admin.get("/api/v1/auth/me").json["timestamp"]
        house.admin.patch(path, {"port": 1, "tag_names": [], "credential_id": None})
        for verb in ("delete", "purge"):
            assert house.admin.post(f"{path}/{verb}").status_code == 200
        viewer = house.as_role("viewer")

        with statements() as found:
            answer = viewer.get(path, query_string={"as_of": then})

        shown = answer.json["data"]["instance"]
        assert (answer.status_code, answer.json["meta"], len(found)) == (200, {"as_of": then}, 4)
        assert (shown["port"], shown["status"], shown["version"]) == (5432, "active", None)
        assert [tag["name"] for tag in shown["tags"]] == [tag["name"] for tag in made["tags"]]
        assert shown["credential"] == {**made["credential"], "username": None}
        early = viewer.get(path, query_string={"as_of": "2020-01-01T00:00:00Z"})
        assert (early.status_code, early.json["extra"]["reason"]) == (404, "instance.not_yet_registered")
