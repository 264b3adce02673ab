"""Checks whose secret does not open with the keys of this Muster: they end, say so, and dial nobody."""

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.support import pem

LOST = "UPDATE credentials SET password_key_id = 'lost' WHERE id = :id"
ALTERED = "UPDATE credentials SET password_blob = :blob WHERE id = :id"
LOST_KEY = "UPDATE instances SET tls_client_key_key_id = 'lost' WHERE id = :id"


def spoil(house, statement, **values):
    """Change the store as a restore beside other keys, or a broken disk, does."""
    with house.database.transaction() as session:
        session.execute(text(statement), values)


@pytest.fixture
def login(house):
    return house.credential(bindings={"hosts": ["192.0.2.9"]})


@pytest.fixture
def instance(house, login):
    return house.instance(host="192.0.2.9", port=5432, credential_id=login["id"])


def checked(house, path, body=None):
    """Check; returns the check and what was logged of it."""
    with capture_logs() as log:
        answer = house.admin.post(path, body)
    assert answer.status_code == 200, answer.json
    assert "Traceback" not in answer.text
    told = [line for line in log if line["event"] == "check.secret_unreadable"]
    assert [line for line in log if "exc_info" in line] == []
    return answer.json["data"]["check"], told


class TestASecretThatDoesNotOpen:
    @pytest.mark.parametrize(
        ("statement", "values", "said"), [(LOST, {}, "'lost'"), (ALTERED, {"blob": b"\x00" * 40}, "altered")]
    )
    def test_of_a_credential_ends_the_check(self, house, engine, instance, login, statement, values, said):
        spoil(house, statement, id=login["id"], **values)

        found, [told] = checked(house, f"/api/v1/instances/{instance['id']}/check")

        assert (found["status"], found["outcome"], found["cause"]) == ("finished", "failed", "guard.secret_unreadable")
        assert "muster keys check" in found["remedy"]
        assert [(one["step"], one["outcome"], one["cause"]) for one in found["steps"]] == [
            ("guard", "failed", "guard.secret_unreadable")
        ]
        assert (told["check_id"], told["instance_id"], told["log_level"]) == (found["id"], instance["id"], "error")
        assert "credentials.password" in told["reason"]
        assert said in told["reason"]
        assert engine.seen == []

    def test_of_a_client_certificate_ends_the_check(self, house, engine):
        certificate, key = pem.client()
        instance = house.instance(host="192.0.2.9", tls_client_cert=certificate, tls_client_key=key)
        spoil(house, LOST_KEY, id=instance["id"])

        found, [told] = checked(house, f"/api/v1/instances/{instance['id']}/check")

        assert (found["outcome"], found["cause"]) == ("failed", "guard.secret_unreadable")
        assert "instances.tls_client_key" in told["reason"]

    def test_ends_the_check_of_what_is_not_registered(self, house, engine, login):
        spoil(house, LOST, id=login["id"])
        body = {"db_type": "postgresql", "host": "192.0.2.9", "port": 5432, "credential_id": login["id"]}

        found, [told] = checked(house, "/api/v1/checks", body)

        assert (found["outcome"], found["cause"]) == ("failed", "guard.secret_unreadable")
        assert told["instance_id"] is None

    def test_is_remembered_at_the_instance_and_no_use_of_the_credential(self, house, engine, instance, login):
        spoil(house, LOST, id=login["id"])

        checked(house, f"/api/v1/instances/{instance['id']}/check")

        assert house.detail(instance["id"])["last_cause"] == "guard.secret_unreadable"
        used = f"/api/v1/audit-events?entity_type=credential&entity_id={login['id']}&action=credential.use"
        assert house.admin.get(used).json["data"]["total"] == 0
