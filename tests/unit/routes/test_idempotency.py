"""The same key and the same body: the first answer again, and nothing twice."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.crypto import KeyRing, new_key
from app.core.db import transaction
from app.models import KeptAnswer
from tests.support.api import faults

INSTANCES = "/api/v1/instances"


@pytest.fixture
def key(house):
    return {"Idempotency-Key": house.new_name("key")}


class TestARepeatedCall:
    def test_gets_the_first_answer_again(self, house, key):
        body = house.body()

        first = house.admin.post(INSTANCES, body, headers=key)
        rows = house.rows()
        again = house.admin.post(INSTANCES, dict(reversed(body.items())), headers={**key, "Accept-Language": "zh"})

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.data == first.data
        assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], '"1"')
        assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
        assert house.rows() == rows

    @pytest.mark.parametrize("thing", ["tag", "environment", "cluster", "credential"])
    def test_makes_one_thing_of_any_kind(self, house, key, thing):
        title = "key" if thing == "environment" else "name"
        body = {title: house.new_name("it"), "kind": "galera", "username": "u", "password": "s3cret-of-a-login"}
        fields = {"tag": [], "environment": [], "cluster": ["kind"], "credential": ["username", "password"]}[thing]
        body = {name: body[name] for name in (title, *fields)}

        answers = [house.admin.post(f"/api/v1/{thing}s", body, headers=key) for _ in range(2)]

        assert [one.status_code for one in answers] == [201, 201]
        assert answers[0].data == answers[1].data

    @pytest.mark.parametrize("other", ["body", "query", "path"])
    def test_is_told_from_another_one(self, house, key, other):
        body = house.body()
        row = house.admin.post(INSTANCES, body, headers=key).json["data"]["instance"]
        path = f"{INSTANCES}/{row['id']}/delete" if other == "path" else INSTANCES
        path += "?dry_run=false" if other == "query" else ""

        answer = house.admin.post(path, {**body, "port": 1} if other == "body" else body, headers=key)

        if other == "path":
            assert answer.status_code == 400  # the body of a create is none of a delete
            answer = house.admin.post(path, {}, headers=key)
        assert (answer.status_code, answer.json["message_code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert (answer.json["category"], answer.json["severity"]) == ("business", "medium")

    def test_of_somebody_else_is_another_one(self, house, key):
        made = [house.as_role(role).post(INSTANCES, house.body(), headers=key).status_code for role in ("admin", "dba")]

        assert made == [201, 201]

    def test_that_failed_is_tried_anew(self, house, key):
        tag = house.new_name("tag")
        body = house.body(tag_names=[tag])

        refused = house.admin.post(INSTANCES, body, headers=key)
        house.tag(name=tag)

        assert faults(refused) == {"tag_names.0": "unknown_reference"}
        assert house.admin.post(INSTANCES, body, headers=key).status_code == 201

    def test_is_a_conflict_while_the_first_one_runs(self, house, key):
        user = house.admin.get("/api/v1/auth/me").json["data"]["user"]["id"]

        held, heard = threading.Event(), threading.Event()

        def first() -> None:
            with house.database.transaction(claim=f"{user} {key['Idempotency-Key']}"):
                held.set()
                heard.wait(30)

        running = threading.Thread(target=first)
        running.start()
        held.wait(30)
        answer = house.admin.post(INSTANCES, house.body(), headers=key)
        heard.set()
        running.join()

        assert (answer.status_code, answer.json["extra"]["reason"]) == (409, "error.still_running")
        assert house.admin.post(INSTANCES, house.body(), headers=key).status_code == 201

    @pytest.mark.parametrize(("hours", "status"), [(23, 422), (25, 201)])
    def test_is_forgotten_after_a_day(self, house, key, hours, status):
        house.admin.post(INSTANCES, house.body(), headers=key)
        with transaction() as session:
            session.execute(
                update(KeptAnswer)
                .where(KeptAnswer.key == key["Idempotency-Key"])
                .values(at=clock.now() - timedelta(hours=hours))
            )

        assert house.admin.post(INSTANCES, house.body(), headers=key).status_code == status

    def test_is_believed_where_the_key_that_could_prove_it_is_gone(self, house, key):
        """Whoever repeats a call knows of no key that was replaced, and has sent no other body."""
        body = house.body()
        first = house.admin.post(INSTANCES, body, headers=key)
        ring = house.app.extensions["muster"].parts().keys
        with transaction() as session:
            row = session.scalar(select(KeptAnswer).where(KeptAnswer.key == key["Idempotency-Key"]))
            assert row.fingerprint.startswith(ring.mark("", purpose="muster idempotency keys v1")[:8])
            row.fingerprint = KeyRing([new_key()]).mark("whatever", purpose="muster idempotency keys v1")

        again = house.admin.post(INSTANCES, body, headers=key)

        assert (again.status_code, again.data) == (201, first.data)
        assert again.headers["Idempotency-Replayed"] == "true"

    def test_is_kept_as_a_fingerprint_that_tells_nothing_of_the_body(self, house, key):
        secret = "s3cret-of-a-login"
        body = {"name": house.new_name("it"), "username": "u", "password": secret}

        house.admin.post("/api/v1/credentials", body, headers=key)

        with transaction() as session:
            rows = session.connection().exec_driver_sql("SELECT * FROM kept_answers").all()
        assert secret not in str(rows)
        assert rows


class TestAKey:
    @pytest.mark.parametrize("value", ["", "a b", "x" * 256, "\xe9"])
    def test_that_is_malformed_is_refused(self, house, value):
        assert faults(house.admin.post(INSTANCES, house.body(), headers={"Idempotency-Key": value})) == {
            "Idempotency-Key": "invalid_key"
        }

    @pytest.mark.parametrize("path", ["/api/v1/auth/logout", "/api/v1/auth/change-password", "/api/v1/tokens"])
    def test_is_not_taken_where_an_answer_holds_what_must_not_be_kept(self, house, key, path):
        assert faults(house.admin.post(path, {}, headers=key))["Idempotency-Key"] == "header_not_taken"
