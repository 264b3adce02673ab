"""Fingerprints: the same server under two names, copies of one, another server where one was known."""

import itertools

import pytest

from app.engines.facts import IdentityFact
from tests.support.engines import STARTED, fine

_PORTS = itertools.count(30_000)
NOTHING = {"lineage": None, "node": None, "strength": None, "role": None, "started_at": None, "since": None}


def answering(lineage="7001", node="7001/a", role="primary", strength="strong", started_at=STARTED):
    """Return a script of a server with this identity."""
    identity = IdentityFact(lineage=lineage, node=node, strength=strength, started_at=started_at)
    return lambda spec, ladder: fine(spec, ladder, identity=identity, role=role)


@pytest.fixture
def there(house, engine):
    """Register an instance and check it while such a server answers; the lineage is the test's own."""

    def make(script, **fields):
        login = house.credential()["id"]
        made = house.instance(host="192.0.2.1", port=next(_PORTS), credential_id=login, **fields)
        check(house, engine, made, script)
        return made

    return make


def check(house, engine, instance, script):
    engine.script = script
    return house.admin.post(f"/api/v1/instances/{instance['id']}/check").json["data"]["check"]


def fingerprint(house, instance):
    answer = house.as_role("viewer").get(f"/api/v1/instances/{instance['id']}/fingerprint")
    assert answer.status_code == 200, answer.json
    return answer.json["data"]["fingerprint"]


def events(house, instance):
    return [one for one in house.history(instance["id"]) if one["action"] not in {"instance.create", "instance.detect"}]


def accept(house, instance, role="operator", **seen):
    return house.as_role(role).post(f"/api/v1/instances/{instance['id']}/fingerprint/accept", seen or None)


def names(instances):
    return [one["name"] for one in instances]


class TestAFingerprint:
    def test_is_empty_before_a_check_has_seen_one(self, house):
        shown = fingerprint(house, house.instance())

        assert shown == {**NOTHING, "seen_at": None, "pending": None, "same_node": [], "same_lineage": []}

    def test_that_was_never_seen_leaves_nothing_to_accept(self, house):
        instance = house.instance()

        assert accept(house, instance).json["message"] == "Nothing to accept; nothing was changed"
        assert accept(house, instance, node="x").status_code == 409

    def test_of_no_instance_is_a_404(self, house):
        assert house.admin.get("/api/v1/instances/999999/fingerprint").status_code == 404
        assert accept(house, {"id": 999_999}).status_code == 404

    def test_is_what_the_first_check_saw(self, house, there):
        shown = fingerprint(house, there(answering("first", "first/a")))

        assert (shown["lineage"], shown["node"], shown["strength"], shown["role"]) == (
            "first", "first/a", "strong", "primary",
        )  # fmt: skip
        assert shown["since"] == shown["seen_at"]
        assert shown["pending"] is None

    def test_names_who_is_the_same_server_and_who_a_copy(self, house, there):
        one, other = there(answering("family", "family/a")), there(answering("family", "family/a"))
        copy = there(answering("family", "family/b", role="standby"))
        there(answering("strangers", "strangers/a"))

        shown = fingerprint(house, one)

        assert names(shown["same_node"]) == [other["name"]]
        assert names(shown["same_lineage"]) == sorted([other["name"], copy["name"]])

    def test_without_a_node_takes_the_same_start_for_the_same_server(self, house, there):
        one, other = there(answering("nodeless", None)), there(answering("nodeless", None))
        there(answering("nodeless", None, started_at=STARTED.replace(minute=1)))

        shown = fingerprint(house, one)

        assert names(shown["same_node"]) == [other["name"]]
        assert len(shown["same_lineage"]) == 2

    def test_names_nobody_in_the_recycle_bin(self, house, there):
        one, other = there(answering("binned", "binned/a")), there(answering("binned", "binned/a"))
        house.admin.post(f"/api/v1/instances/{other['id']}/delete")

        shown = fingerprint(house, one)

        assert (shown["same_node"], shown["same_lineage"]) == ([], [])

    def test_stays_when_a_right_is_gone_that_it_needs(self, house, engine, there):
        instance = there(answering("kept", "kept/a"))

        found = check(house, engine, instance, answering("kept", None))

        assert (found["outcome"], fingerprint(house, instance)["node"]) == ("ok", "kept/a")

    def test_has_room_for_any_length(self, house, there):
        long = "x" * 3_000
        one, other = there(answering(long, long)), there(answering(long, long))

        shown = fingerprint(house, one)

        assert shown["lineage"].startswith("sha256:")
        assert names(shown["same_node"]) == [other["name"]]


class TestARestart:
    """PostgreSQL has no name of its own: its node is the lineage and the start."""

    @staticmethod
    def started(lineage, minute):
        start = STARTED.replace(minute=minute)
        return answering(lineage, f"{lineage}/{start:%Y-%m-%dT%H:%M:%S.%f}", started_at=start)

    def test_is_not_another_server(self, house, engine, there):
        instance = there(self.started("again", 1))
        before = fingerprint(house, instance)

        found = check(house, engine, instance, self.started("again", 5))
        after = fingerprint(house, instance)

        assert (found["outcome"], found["cause"], events(house, instance)) == ("ok", None, [])
        assert (after["node"], after["pending"], after["since"]) == (
            "again/2027-01-01T00:05:00.000000", None, before["since"],
        )  # fmt: skip

    def test_of_a_server_that_nobody_has_accepted_is_told_no_second_time(self, house, engine, there):
        instance = there(self.started("mine", 1))
        for minute in (2, 3):
            check(house, engine, instance, self.started("other", minute))

        assert [one["action"] for one in events(house, instance)] == ["instance.change_identity"]

    def test_does_not_lead_back_in_time(self, house, engine, there):
        instance = there(self.started("copied", 5))

        found = check(house, engine, instance, self.started("copied", 1))

        assert found["cause"] == "identity.changed"


class TestAnotherServerThatSaysLess:
    def test_is_not_mixed_with_the_one_before(self, house, engine, there):
        instance = there(answering("mixed-a", "mixed-a/n1"))
        check(house, engine, instance, answering("mixed-b", None))
        [told] = events(house, instance)

        accept(house, instance)
        shown = fingerprint(house, instance)

        assert (shown["lineage"], shown["node"]) == ("mixed-b", None)
        changes = {one["field"]: (one["before"], one["after"]) for one in told["changes"]}
        assert changes == {"lineage": ("mixed-a", "mixed-b"), "node": ("mixed-a/n1", None)}

    def test_is_not_mixed_on_a_moving_endpoint_either(self, house, engine, there):
        instance = there(answering("moved-a", "moved-a/n1"), endpoint_kind="proxy")

        check(house, engine, instance, answering("moved-b", None))

        shown = fingerprint(house, instance)
        assert (shown["lineage"], shown["node"]) == ("moved-b", None)


class TestAnotherServerBehindAServer:
    @pytest.fixture
    def swapped(self, house, engine, there):
        instance = there(answering("old", "old/a"))
        return instance, check(house, engine, instance, answering("new", "new/a"))

    def test_degrades_the_check_until_somebody_accepts_it(self, house, engine, swapped):
        instance, found = swapped
        again = check(house, engine, instance, answering("new", "new/a"))
        before = fingerprint(house, instance)

        answer = accept(house, instance)
        after = check(house, engine, instance, answering("new", "new/a"))

        assert (found["outcome"], found["cause"]) == ("degraded", "identity.changed")
        assert (again["outcome"], again["cause"]) == ("degraded", "identity.changed")
        [step] = [one for one in again["steps"] if one["step"] == "identify"]
        assert (step["outcome"], step["cause"]) == ("ok", "identity.changed")
        assert (before["node"], before["pending"]["node"]) == ("old/a", "new/a")
        shown = answer.json["data"]["fingerprint"]
        assert (answer.status_code, shown["node"], shown["pending"]) == (200, "new/a", None)
        assert shown["since"] == before["pending"]["since"]
        assert (after["outcome"], after["cause"]) == ("ok", None)

    def test_is_told_in_the_trail_once_and_so_is_its_acceptance(self, house, engine, swapped):
        instance, _ = swapped
        check(house, engine, instance, answering("new", "new/a"))
        accept(house, instance)
        accept(house, instance)

        accepted, changed = events(house, instance)

        assert (changed["action"], changed["source"]) == ("instance.change_identity", "job")
        assert (accepted["action"], accepted["actor"]["username"]) == ("instance.accept_identity", "operator")
        told = [
            [(one["field"], one["before"], one["after"]) for one in event["changes"]] for event in (changed, accepted)
        ]
        assert told[0] == told[1] == [("lineage", "old", "new"), ("node", "old/a", "new/a")]

    @pytest.mark.parametrize("seen", [{"lineage": "new"}, {"node": "new/a"}, {"lineage": "new", "node": "new/a"}])
    def test_is_accepted_by_name_and_a_repeated_call_changes_nothing(self, house, swapped, seen):
        instance, _ = swapped

        first, again = accept(house, instance, **seen), accept(house, instance, **seen)

        assert (first.status_code, first.json["message"]) == (200, "Fingerprint accepted")
        assert (again.status_code, again.json["message"]) == (200, "Nothing to accept; nothing was changed")
        assert again.json["data"]["fingerprint"] == first.json["data"]["fingerprint"]
        assert fingerprint(house, instance)["node"] == "new/a"

    @pytest.mark.parametrize("seen", [{"lineage": "old"}, {"node": "new/b"}, {"lineage": "new", "node": None}])
    def test_is_not_accepted_where_the_caller_has_seen_a_third_one(self, house, swapped, seen):
        instance, _ = swapped

        answer = accept(house, instance, **seen)

        assert (answer.status_code, answer.json["message_code"]) == (409, "CONSTRAINT_VIOLATION")
        assert answer.json["extra"]["reason"] == "fingerprint.another_pending"
        assert answer.json["extra"]["pending"]["node"] == "new/a"
        assert fingerprint(house, instance)["node"] == "old/a"

    def test_that_has_gone_again_is_not_accepted_by_name(self, house, engine, swapped):
        instance, _ = swapped
        check(house, engine, instance, answering("old", "old/a"))

        answer = accept(house, instance, node="new/a")

        assert (answer.status_code, answer.json["extra"]["pending"]) == (409, None)

    def test_stands_in_the_step_beside_the_known_one(self, swapped):
        [step] = [one for one in swapped[1]["steps"] if one["step"] == "identify"]

        assert step["detail"]["known"] == {"lineage": "old", "node": "old/a"}
        assert step["detail"]["pending"] == {"lineage": "new", "node": "new/a"}

    def test_is_forgotten_when_the_old_one_answers_again(self, house, engine, swapped):
        instance, _ = swapped

        found = check(house, engine, instance, answering("old", "old/a"))

        assert found["outcome"] == "ok"
        assert fingerprint(house, instance)["pending"] is None

    def test_is_accepted_by_whoever_may_update(self, house, swapped):
        assert accept(house, swapped[0], role="viewer").status_code == 403

    def test_can_be_rehearsed(self, house, swapped):
        instance, _ = swapped

        answer = house.admin.post(f"/api/v1/instances/{instance['id']}/fingerprint/accept?dry_run=true")

        assert answer.json["meta"]["dry_run"]["after"]["fingerprint"]["node"] == "new/a"
        assert fingerprint(house, instance)["node"] == "old/a"

    def test_moves_neither_version_nor_time_of_the_instance(self, house, swapped):
        instance, _ = swapped
        accept(house, instance)

        after = house.detail(instance["id"])
        assert (after["version"], after["updated_at"]) == (instance["version"], instance["updated_at"])

    def test_weighs_more_than_a_warning_and_less_than_a_failed_step(self, house, engine, there):
        instance = there(answering("w", "w/a"))

        def warned(spec, ladder):
            with ladder.step("connect"):
                pass
            with ladder.step("tls") as step:
                step.warning = "tls.unverified"
            answering("w", "w/b")(spec, ladder)

        assert check(house, engine, instance, warned)["cause"] == "identity.changed"


class TestAnotherServerBehindAMovingEndpoint:
    @pytest.mark.parametrize("kind", ["writer", "reader", "proxy"])
    def test_is_a_change_of_roles(self, house, engine, there, kind):
        instance = there(answering("moving", "moving/a"), endpoint_kind=kind)

        found = check(house, engine, instance, answering("moving", "moving/b"))
        [event] = events(house, instance)
        shown = fingerprint(house, instance)

        assert (found["outcome"], found["cause"]) == ("ok", None)
        assert (event["action"], event["source"]) == ("instance.change_role", "job")
        assert [(one["field"], one["after"]) for one in event["changes"]] == [("node", "moving/b")]
        assert (shown["node"], shown["pending"]) == ("moving/b", None)
        assert shown["since"] == shown["seen_at"]

    def test_a_promoted_server_is_one_as_well(self, house, engine, there):
        instance = there(answering("promoted", "promoted/a", role="standby"))

        found = check(house, engine, instance, answering("promoted", "promoted/a", role="primary"))
        unknown = check(house, engine, instance, answering("promoted", "promoted/a", role="unknown"))
        [event] = events(house, instance)

        assert (found["outcome"], unknown["outcome"]) == ("ok", "ok")
        assert [(one["field"], one["before"], one["after"]) for one in event["changes"]] == [
            ("role", "standby", "primary")
        ]
