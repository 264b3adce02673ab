"""An instance that gets another endpoint: what checks found at the old one is not said of the new one."""

import pytest

from tests.support.waiting import wait_for

FORGOTTEN = {"last_outcome", "last_cause", "last_attempt_at", "last_check_id", "outcome_since", "last_network"}


@pytest.fixture
def checked(house, engine):
    """Register an instance and have it checked."""

    def make(**fields):
        instance = house.instance(host="192.0.2.1", credential_id=house.credential()["id"], **fields)
        assert house.admin.post(f"/api/v1/instances/{instance['id']}/check").json["data"]["check"]["outcome"] == "ok"
        return instance

    return make


class TestAnInstanceThatMoves:
    @pytest.fixture
    def move(self, house):
        """Write another endpoint, in one of the ways that there are."""

        def one(instance, fields, way):
            path = f"/api/v1/instances/{instance['id']}"
            if way == "patch":
                answer = house.admin.patch(path, fields)
            else:
                operations = [{"op": "update", "id": instance["id"], "data": fields}]
                answer = house.admin.post("/api/v1/instances/batch", {"operations": operations})
            assert answer.status_code == 200, answer.json
            return house.detail(instance["id"])

        return one

    @pytest.mark.parametrize("way", ["patch", "batch"])
    @pytest.mark.parametrize("fields", [{"port": 65_000}, {"host": "192.0.2.2"}, {"db_type": "mysql"}], ids=str)
    def test_was_never_checked_where_it_is_now(self, house, checked, move, fields, way):
        instance = checked(db_type="postgresql", port=64_000)
        before = house.detail(instance["id"])

        after = move(instance, fields, way)

        assert before["last_outcome"] == "ok"
        assert {after[name] for name in FORGOTTEN} == {None}
        assert after["tls_state"] is None
        assert after["last_success_at"] == before["last_success_at"]

    @pytest.mark.parametrize("way", ["patch", "batch"])
    def test_only_into_another_environment_keeps_what_is_known(self, house, checked, move, way):
        instance = checked(port=64_000)

        assert move(instance, {"environment": "production", "port": instance["port"]}, way)["last_outcome"] == "ok"

    def test_while_it_is_checked_learns_nothing_from_that_check(self, house, engine, checked, move):
        instance = checked(port=64_000)
        with engine.held() as gate:
            begun = house.admin.post(f"/api/v1/instances/{instance['id']}/check?wait=false").json["data"]["check"]
            assert gate.arrived.acquire(timeout=10)
            move(instance, {"port": 65_001}, "patch")
            gate.go.set()
            path = f"/api/v1/checks/{begun['id']}"
            done = wait_for(
                lambda: house.admin.get(path).json["data"]["check"], lambda one: one["status"] == "finished"
            )

        assert (done["outcome"], done["port"]) == ("ok", instance["port"])
        assert house.detail(instance["id"])["last_outcome"] is None
