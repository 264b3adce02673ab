"""Checks over HTTP: what a check answers, what it leaves behind, and that nothing of it is a change of the register."""

import itertools
from datetime import timedelta

import pytest

from app.core import clock
from tests.support.api import DATABASE_PASSWORD, faults
from tests.support.engines import failing
from tests.support.register import stored
from tests.support.waiting import wait_for

_PORTS = itertools.count(20_000)
STEPS = ["guard", "resolve", "connect", "greeting", "tls", "login", "identify", "privileges"]


@pytest.fixture
def registered(house):
    """Register an instance with a login, at an endpoint of its own that needs no resolver."""

    def make(**fields):
        login = house.credential()["id"]
        return house.instance(host="192.0.2.1", port=next(_PORTS), **{"credential_id": login, **fields})

    return make


@pytest.fixture
def check(house):
    def ask(instance, body=None, query="", status=200, role="admin", **options):
        answer = house.as_role(role).post(f"/api/v1/instances/{instance['id']}/check{query}", body, **options)
        assert answer.status_code == status, answer.json
        return answer.json["data"]["check"] if status < 300 else answer

    return ask


class TestACheckThatLogsIn:
    def test_says_which_server_answered_and_shows_every_step(self, engine, registered, check):
        found = check(registered(), role="operator")

        assert (found["status"], found["outcome"], found["cause"], found["remedy"]) == ("finished", "ok", None, None)
        assert found["message"] == "Logged in, with every right that is needed"
        assert [(one["step"], one["outcome"]) for one in found["steps"]] == [(step, "ok") for step in STEPS]
        assert found["server"]["version"] == "15.7"
        assert found["server"]["role"] == "primary"
        assert found["address"] == "192.0.2.1"
        assert found["took_ms"] >= 0
        assert (found["actor"]["username"], found["source"], found["attended"]) == ("operator", "api", True)

    def test_hands_the_engine_the_opened_login(self, engine, registered, check):
        check(registered(database_name="orders", deadline_ms=7_000))

        [spec] = engine.seen
        assert (spec.login.username, spec.login.password) == ("muster", DATABASE_PASSWORD)
        assert (spec.database_name, spec.deadline_ms, spec.suspended) == ("orders", 7_000, False)

    def test_fills_in_version_and_memory_and_is_no_change_of_the_instance(self, house, engine, registered, check):
        before = registered()

        found = check(before)
        after = house.detail(before["id"])

        assert (after["version"], after["updated_at"]) == (before["version"], before["updated_at"])
        assert (after["main_version"], after["database_version"]) == ("15", "15.7")
        assert after["detailed_version"] == "PostgreSQL 15.7 on x86_64"
        assert (after["last_outcome"], after["last_cause"]) == ("ok", None)
        assert after["last_attempt_at"] == after["last_success_at"] == after["last_connected"] == found["started_at"]
        assert after["last_error_at"] is None

    def test_is_told_in_the_trail_only_when_a_value_changes(self, house, engine, registered, check):
        instance = registered()

        for _ in range(2):
            check(instance)
        detected = [one for one in house.history(instance["id"]) if one["action"] == "instance.detect"]

        [event] = detected
        assert (event["source"], event["actor"]["username"]) == ("job", "job:check")
        told = {change["field"]: change["after"] for change in event["changes"]}
        assert (told["main_version"], told["database_version"]) == ("15", "15.7")

    def test_leaves_an_event_where_a_person_used_a_secret_and_none_where_a_script_did(
        self, house, engine, registered, check
    ):
        instance = registered()
        path = (
            f"/api/v1/audit-events?entity_type=credential&entity_id={instance['credential_id']}&action=credential.use"
        )

        check(instance)
        after_person = house.admin.get(path).json["data"]["items"]
        check(instance, {"unattended": True})

        [event] = after_person
        assert event["actor"]["username"] == "admin"
        assert event["changes"][0]["after"] == f"postgresql 192.0.2.1:{instance['port']}"
        assert house.admin.get(path).json["data"]["total"] == 1

    def test_leaves_no_event_of_a_use_where_the_secret_may_not_be_sent(self, house, engine, registered, check):
        instance = registered()
        credential = f"/api/v1/credentials/{instance['credential_id']}"
        nowhere = {"bindings": {"hosts": [], "suffixes": [], "networks": [], "endpoints": []}}
        assert house.admin.patch(credential, nowhere).status_code == 200

        check(instance)

        path = f"/api/v1/audit-events?entity_type=credential&entity_id={instance['credential_id']}"
        assert house.admin.get(f"{path}&action=credential.use").json["data"]["total"] == 0


class TestACheckThatFails:
    def test_is_an_answer_with_cause_message_and_remedy(self, house, engine, registered, check):
        instance = registered()
        engine.script = failing("login", "login.refused", server_code="28P01", our_address="10.9.8.7")

        found = check(instance)
        after = house.detail(instance["id"])

        assert (found["outcome"], found["cause"], found["server"]) == ("failed", "login.refused", None)
        step = next(one for one in found["steps"] if one["step"] == "login")
        assert (step["outcome"], step["cause"]) == ("failed", "login.refused")
        assert step["detail"] == {"server_code": "28P01", "our_address": "10.9.8.7"}
        assert [one["outcome"] for one in found["steps"][-2:]] == ["skipped", "skipped"]
        assert "muster" in found["message"] + found["remedy"]
        assert after["last_error_at"] == after["last_attempt_at"] == found["started_at"]
        assert after["last_success_at"] is None

    def test_speaks_the_language_of_the_caller(self, engine, registered, check):
        engine.script = failing("connect", "connect.refused")
        instance = registered()

        english = check(instance)
        chinese = check(instance, headers={"Accept-Language": "zh"})

        assert str(instance["port"]) in english["remedy"]
        assert english["message"].isascii()
        assert not chinese["message"].isascii()

    def test_keeps_the_time_of_the_last_success(self, house, engine, registered, check):
        instance = registered()
        good = check(instance)
        engine.script = failing("connect", "connect.timeout")

        bad = check(instance)
        after = house.detail(instance["id"])

        assert (after["last_success_at"], after["last_error_at"]) == (good["started_at"], bad["started_at"])
        assert (after["last_outcome"], after["last_cause"]) == ("failed", "connect.timeout")

    def test_by_a_mistake_of_an_engine_tells_nothing_of_it(self, engine, registered, check):
        def broken(spec, ladder):
            raise RuntimeError(spec.login.password)

        engine.script = broken
        found = check(registered())

        assert found["cause"] == "check.internal"
        assert DATABASE_PASSWORD not in str(found)


class TestWithoutACredential:
    def test_a_server_that_answers_is_reachable(self, house, engine, registered, check):
        instance = registered(credential_id=None)

        found = check(instance)

        assert (found["outcome"], found["cause"]) == ("reachable", "login.no_credential")
        assert house.detail(instance["id"])["last_success_at"] is None


class TestACheckThatNobodyWaitsFor:
    def test_is_shown_with_its_steps_while_it_runs(self, house, engine, registered, check):
        instance = registered()
        with engine.held() as gate:
            answer = house.admin.post(f"/api/v1/instances/{instance['id']}/check?wait=false")
            assert gate.arrived.acquire(timeout=10)
            begun = answer.json["data"]["check"]
            running = _until(house, begun["id"], lambda one: len(one["steps"]) == 3)
            gate.go.set()
            done = _until(house, begun["id"], lambda one: one["status"] == "finished")

        assert answer.status_code == 202
        assert answer.headers["Location"] == f"/api/v1/checks/{begun['id']}"
        assert (begun["status"], begun["outcome"], begun["message"]) == ("running", None, "The check is running")
        assert [one["step"] for one in running["steps"]] == ["guard", "resolve", "connect"]
        assert (running["status"], running["took_ms"]) == ("running", None)
        assert done["outcome"] == "ok"


def _tomorrow() -> str:
    return (clock.now() + timedelta(days=1)).isoformat()


def _until(house, check_id, holds):
    """Ask until it holds; the recorder writes in a thread of its own."""
    return wait_for(lambda: house.admin.get(f"/api/v1/checks/{check_id}").json["data"]["check"], holds)


class TestWhoMayCheck:
    @pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("auditor", 403), ("operator", 200), ("dba", 200)])
    def test_an_instance(self, engine, registered, check, role, status):
        check(registered(), role=role, status=status)

    @pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("operator", 403), ("dba", 200)])
    def test_what_is_not_registered(self, house, engine, role, status):
        body = {"db_type": "postgresql", "host": "192.0.2.1", "port": 5432}

        assert house.as_role(role).post("/api/v1/checks", body).status_code == status

    def test_one_that_is_not_there(self, house, engine, registered, check):
        gone = registered()
        house.admin.post(f"/api/v1/instances/{gone['id']}/delete")

        assert check(gone, status=404).json["extra"]["reason"] == "instance.in_bin"
        assert check({"id": 999_999}, status=404).json["extra"]["reason"] == "instance.not_found"
        assert house.admin.get("/api/v1/checks/999999").json["extra"]["reason"] == "check.not_found"

    def test_by_token_counts_as_unattended(self, house, engine, registered, check):
        instance = registered()
        token = {"name": house.new_name("token"), "role": "operator", "expires_at": _tomorrow()}
        secret = house.made("tokens", token)["secret"]

        answer = house.anonymous.post(
            f"/api/v1/instances/{instance['id']}/check", headers={"Authorization": f"Bearer {secret}"}
        )

        assert answer.json["data"]["check"]["attended"] is False

    def test_is_neither_rehearsed_nor_repeated(self, registered, check):
        instance = registered()

        assert faults(check(instance, query="?dry_run=true", status=400)) == {"dry_run": "unknown_parameter"}
        refused = check(instance, status=400, headers={"Idempotency-Key": "k"})
        assert faults(refused) == {"Idempotency-Key": "header_not_taken"}


class TestTheChecksOfAnInstance:
    def test_are_listed_newest_first(self, house, engine, registered, check):
        instance = registered()
        made = [check(instance)["id"] for _ in range(3)]

        page = house.as_role("viewer").get(f"/api/v1/instances/{instance['id']}/checks?limit=2").json["data"]

        assert [one["id"] for one in page["items"]] == made[:0:-1]
        assert (page["total"], page["pages"]) == (3, 2)
        assert all(len(one["steps"]) == 8 for one in page["items"])

    def test_are_found_by_how_they_ended(self, house, engine, registered, check):
        instance = registered()
        good = check(instance)["id"]
        engine.script = failing("connect", "connect.refused")
        bad = [check(instance)["id"] for _ in range(2)]

        def listed(query):
            page = house.admin.get(f"/api/v1/instances/{instance['id']}/checks?{query}").json["data"]
            return page["total"], [one["id"] for one in page["items"]]

        assert listed("outcome=ok&outcome=degraded&limit=1") == (1, [good])
        assert listed("outcome=failed") == (2, bad[::-1])
        assert faults(house.admin.get(f"/api/v1/instances/{instance['id']}/checks?outcome=bad")) == {
            "outcome.0": "not_a_choice"
        }

    def test_go_with_it(self, house, engine, registered, check):
        instance = registered()
        made = check(instance)["id"]
        house.admin.post(f"/api/v1/instances/{instance['id']}/delete")

        assert house.admin.post(f"/api/v1/instances/{instance['id']}/purge").status_code == 200

        assert house.admin.get(f"/api/v1/checks/{made}").status_code == 404
        assert stored(house.database, "SELECT count(*) FROM check_steps WHERE check_id = ?", made) == [(0,)]
        assert stored(house.database, "SELECT count(*) FROM fingerprints WHERE instance_id = ?", instance["id"]) == [
            (0,)
        ]

    def test_of_none_are_a_404(self, house):
        assert house.admin.get("/api/v1/instances/999999/checks").status_code == 404


class TestTheRegister:
    @pytest.fixture
    def three(self, house, engine, registered, check):
        """A tag, and three instances with it: one that is fine, one that fails, one that was never checked."""
        tag = house.tag()["name"]
        good, bad, new = (registered(tag_names=[tag]) for _ in range(3))
        check(good)
        engine.script = failing("connect", "connect.refused")
        check(bad)
        return tag, {good["id"]: "good", bad["id"]: "bad", new["id"]: "new"}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("outcome=ok", "good"),
            ("outcome=failed&outcome=", "bad new"),
            ("cause=connect.refused", "bad"),
            ("cause=&checked=true", "good"),
            ("checked=false", "new"),
            ("last_attempt_since=2020-01-01T00:00:00Z", "good bad"),
            ("last_attempt_until=2020-01-01T00:00:00Z", ""),
            ("last_success_since=2020-01-01T00:00:00Z&last_success_until=2999-01-01T00:00:00Z", "good"),
            ("last_error_since=2020-01-01T00:00:00Z&last_error_until=2999-01-01T00:00:00Z", "bad"),
        ],
    )
    def test_filters_by_what_the_last_check_said(self, house, three, query, found):
        tag, names = three

        items = house.admin.get(f"/api/v1/instances?tags={tag}&{query}").json["data"]["items"]

        assert {names[one["id"]] for one in items} == set(found.split())

    @pytest.mark.parametrize(
        ("query", "order"),
        [
            ("sort=last_outcome", "bad good new"),
            ("sort=last_cause", "bad good new"),
            ("sort=last_attempt_at&order=desc", "bad good new"),
            ("sort=last_error_at&order=desc&fields=last_error_at", "bad new good"),
            ("sort=last_success_at&order=asc&cursor=", "good bad new"),
        ],
    )
    def test_sorts_by_what_the_last_check_said(self, house, three, query, order):
        tag, names = three

        items = house.admin.get(f"/api/v1/instances?tags={tag}&{query}").json["data"]["items"]

        assert [names[one["id"]] for one in items] == order.split()

    def test_refuses_what_no_check_can_say(self, house):
        assert faults(house.admin.get("/api/v1/instances?outcome=great")) == {"outcome": "not_a_choice"}

    def test_shows_it_in_the_list_and_not_as_of_a_moment(self, house, engine, registered, check):
        instance = registered()
        check(instance)
        moment = house.detail(instance["id"])["last_attempt_at"].replace("+", "%2B")

        [item] = house.admin.get(f"/api/v1/instances?name={instance['name']}").json["data"]["items"]
        then = house.admin.get(f"/api/v1/instances/{instance['id']}?as_of={moment}").json["data"]["instance"]

        assert item["last_outcome"] == "ok"
        assert then["last_outcome"] is None

    def test_lets_nobody_write_it(self, house, registered):
        instance = registered()

        answer = house.admin.patch(f"/api/v1/instances/{instance['id']}", {"last_outcome": "ok"})

        assert faults(answer) == {"last_outcome": "read_only"}
