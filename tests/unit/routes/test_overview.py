"""`GET /api/v1/overview`: counts, failures in groups, what wants attention; each number is that of a list."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.db import transaction
from app.engines.facts import IdentityFact, TlsFact
from app.models import Instance
from tests.support.api import faults
from tests.support.engines import STARTED, failing, fine

OVERVIEW = "/api/v1/overview"
LIST = "/api/v1/instances"
OUTCOMES = ["ok", "degraded", "reachable", "failed", "never_checked"]
_PORTS = itertools.count(40_000)


def answering(node, *, role="primary", tls=None):
    """Return a script of a server with this node, role and encryption."""
    identity = IdentityFact(lineage=f"of {node}", node=node, strength="strong", started_at=STARTED)

    def climb(spec, ladder):
        ladder.found.tls = tls
        fine(spec, ladder, identity=identity, role=role)

    return climb


def tls(protocol="TLSv1.3", days=90):
    return TlsFact(protocol=protocol, not_after=clock.now() + timedelta(days=days), days_left=days)


@pytest.fixture
def add(house, engine):
    """Register an instance, and check it once with each script."""

    def make(*scripts, **fields):
        made = house.instance(host=fields.pop("host", "192.0.2.1"), port=next(_PORTS), **fields)
        for script in scripts:
            engine.script = script
            assert house.admin.post(f"{LIST}/{made['id']}/check").status_code == 200
        return made

    return make


def remember(instance, **values):
    with transaction() as session:
        session.execute(update(Instance).where(Instance.id == instance["id"]).values(**values))


@pytest.fixture
def fleet(house, add):
    """Instances in every state, made once for the module, each with a twin of its kind in the recycle bin."""
    if house.admin.get(f"{LIST}?owner=fleet").json["data"]["total"]:
        return house
    house.environment(key="ov-prod", name="Production", is_production=True, position=1)
    house.environment(key="ov-test", position=2)
    login = house.credential(name="ov-monitor", username="watcher")["id"]
    prod = {"owner": "fleet", "environment": "ov-prod", "credential_id": login, "tag_names": [house.tag()["name"]]}
    test = {**prod, "environment": "ov-test", "tag_names": []}
    refused = failing("login", "login.refused")

    def twins(*scripts, **fields):
        """Return one to keep; the other goes to the recycle bin."""
        kept, gone = add(*scripts, **fields), add(*scripts, **fields)
        assert house.admin.post(f"{LIST}/{gone['id']}/delete").status_code == 200
        return kept

    twins(answering("n-fine", tls=tls()), **prod)
    twins(answering("n-plain"), **prod)
    twins(answering("n-legacy", tls=tls("TLSv1.1")), **test)
    twins(answering("n-ends", tls=tls(days=20)), **prod)
    twins(answering("n-ended", tls=tls(days=-2)), **test)
    twins(answering("n-old", tls=tls()), answering("n-new", tls=tls()), **test)
    twins(answering("n-role", role="standby"), answering("n-role", role="primary"), **prod, db_type="mysql")
    for _ in range(2):
        add(answering("n-shared", tls=tls()), **test)
    for _ in range(3):
        twins(refused, **prod)
    twins(refused, refused, **prod)
    twins(failing("connect", "connect.timeout"), **{**prod, "credential_id": None})
    unresolved = twins(failing("connect", "connect.refused"), **test)
    remember(unresolved, last_network=".lost.example.com", last_cause="resolve.not_found")
    twins(**{**test, "environment": None}, lifecycle="planned", is_active=False)
    stale = twins(answering("n-stale", tls=tls()), **test)
    remember(stale, last_attempt_at=clock.now() - timedelta(days=8))
    return house


@pytest.fixture
def overview(fleet):
    def read(query="owner=fleet", role="viewer", **options):
        answer = fleet.as_role(role).get(f"{OVERVIEW}?{query}", **options)
        assert answer.status_code == 200, answer.json
        return answer.json["data"]["overview"]

    return read


def numbers(node):
    """Yield every count at or below a part of the overview, with the filter that stands beside it."""
    if isinstance(node, dict):
        if "filter" in node:
            yield node.get("count", node.get("total")), node["filter"]
        for part in node.values():
            yield from numbers(part)
    elif isinstance(node, list):
        for part in node:
            yield from numbers(part)


def as_query(given):
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()}


def names_of(house, given):
    data = house.admin.get(LIST, query_string={**as_query(given), "limit": 100, "fields": "name"}).json["data"]
    return {one["name"] for one in data["items"]}


class TestEachNumber:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "owner=fleet",
            "owner=fleet&owner=",
            "environment=ov-prod",
            "environment=&status=inactive",
            "status=active",
        ],
    )
    def test_is_that_of_the_list_with_its_filter(self, fleet, overview, query):
        found = list(numbers(overview(query)))

        listed = [
            fleet.admin.get(LIST, query_string={**as_query(given), "limit": 1}).json["data"]["total"]
            for _, given in found
        ]
        assert [count for count, _ in found] == listed
        assert len(found) >= 17

    def test_is_that_of_a_tag_as_well(self, fleet, overview):
        tag = fleet.admin.get(f"{LIST}?owner=fleet&environment=ov-prod&limit=1").json["data"]["items"][0]["tags"][0]
        shown = overview(f"owner=fleet&tags={tag['name']}")

        assert shown["total"] == 9
        assert all(names_of(fleet, given) <= names_of(fleet, shown["filter"]) for _, given in numbers(shown))

    def test_names_instances_that_the_filter_finds(self, fleet, overview):
        shown = overview()
        lists = [*shown["attention"].values(), *shown["failures"]["groups"]]

        for one in lists:
            assert {item["name"] for item in one["instances"]} <= names_of(fleet, one["filter"])
            assert len(one["instances"]) == min(one["count"], 5)
        assert [name for name, one in shown["attention"].items() if not one["count"]] == []

    def test_leaves_out_the_recycle_bin(self, fleet, overview):
        everything = fleet.admin.get(f"{LIST}?owner=fleet&include_deleted=true&limit=1").json["data"]["total"]

        assert (overview()["total"], everything) == (17, 32)


class TestCounts:
    def test_are_told_by_engine_lifecycle_and_outcome(self, overview):
        shown = overview()

        assert [(one["value"], one["count"]) for one in shown["db_types"]] == [("postgresql", 16), ("mysql", 1)]
        assert [(one["value"], one["count"]) for one in shown["lifecycles"]] == [("active", 16), ("planned", 1)]
        assert [(one["value"], one["count"]) for one in shown["outcomes"]] == [
            ("ok", 9), ("degraded", 1), ("reachable", 0), ("failed", 6), ("never_checked", 1),
        ]  # fmt: skip

    def test_name_the_environments_in_their_order_and_none_last(self, overview):
        shown = overview()["environments"]

        assert [(one["key"], one["name"], one["is_production"], one["count"]) for one in shown] == [
            ("ov-prod", "Production", True, 9), ("ov-test", None, False, 7), (None, None, False, 1),
        ]  # fmt: skip

    def test_tell_each_environment_with_each_outcome(self, overview):
        shown = overview()
        cells = {(one["environment"], one["outcome"]): one["count"] for one in shown["matrix"]}

        assert list(cells) == [(place, one) for place in ("ov-prod", "ov-test", None) for one in OUTCOMES]
        assert (cells["ov-prod", "failed"], cells["ov-test", "failed"], cells[None, "never_checked"]) == (5, 1, 1)
        assert sum(cells.values()) == shown["total"]

    def test_are_all_nought_where_nothing_matches(self, overview):
        shown = overview("owner=nobody")

        assert (shown["total"], shown["db_types"], shown["environments"], shown["matrix"]) == (0, [], [], [])
        assert (shown["failures"]["total"], shown["failures"]["groups"], shown["changes"]) == (0, [], [])
        assert {one["count"] for one in shown["attention"].values()} == {0}


class TestFailures:
    def test_stand_together_by_cause_credential_and_network_the_biggest_first(self, overview):
        failures = overview()["failures"]

        found = [
            (one["cause"], one["credential"] and one["credential"]["name"], one["network"], one["count"])
            for one in failures["groups"]
        ]
        assert found == [
            ("login.refused", "ov-monitor", "192.0.2.0/24", 4),
            ("connect.timeout", None, "192.0.2.0/24", 1),
            ("resolve.not_found", "ov-monitor", ".lost.example.com", 1),
        ]
        assert (failures["total"], failures["groups_total"]) == (6, 3)

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "The server refused the login of user “watcher”"), ("zh", "服务器拒绝了用户“watcher”的登录")],
    )
    def test_say_why_and_what_to_do_in_the_language_of_the_caller(self, overview, language, said):
        first = overview(headers={"Accept-Language": language})["failures"]["groups"][0]

        assert first["message"] == said
        assert "{" not in first["remedy"]

    def test_tell_since_when_the_first_of_them_fails_so(self, house, overview, add):
        mine = {"owner": "since", "credential_id": house.credential()["id"]}
        first, second = (add(failing("connect", "connect.timeout"), **mine) for _ in range(2))
        earliest = house.detail(first["id"])["outcome_since"]
        house.admin.post(f"{LIST}/{first['id']}/check")

        [group] = overview("owner=since")["failures"]["groups"]

        assert house.detail(first["id"])["last_attempt_at"] > earliest
        assert group["since"] == house.detail(first["id"])["outcome_since"] == earliest
        assert house.detail(second["id"])["outcome_since"] > earliest

    def test_are_bounded_and_count_the_others(self, house, overview, add):
        for number in range(22):
            failed = {"last_outcome": "failed", "last_cause": "connect.timeout", "last_attempt_at": clock.now()}
            remember(add(owner="many"), **failed, last_network=f"10.0.{number}.0/24")

        failures = overview("owner=many")["failures"]

        assert (len(failures["groups"]), failures["groups_total"], failures["total"]) == (20, 22, 22)


class TestAttention:
    def test_shows_certificates_with_their_end_the_soonest_first(self, overview):
        shown = overview()["attention"]["certificates_expiring"]

        ends = [one["at"] for one in shown["instances"]]
        assert (shown["count"], ends) == (2, sorted(ends))
        assert ends[0] < overview()["at"] < ends[1]

    def test_shows_when_a_role_changed(self, house, overview):
        shown = overview()["attention"]["roles_changed"]

        [item] = shown["instances"]
        [event] = [one for one in house.history(item["id"]) if one["action"] == "instance.change_role"]
        assert item["at"] == event["at"]
        assert house.detail(item["id"])["role"] == "primary"

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            ("never_checked", 1), ("no_credential", 1), ("plaintext", 2), ("legacy_tls", 1), ("stale", 1),
            ("identity_pending", 1), ("same_node", 2), ("login_suspended", 1), ("roles_changed", 1),
        ],
    )  # fmt: skip
    def test_counts(self, overview, name, count):
        assert overview()["attention"][name]["count"] == count

    def test_forgets_a_server_that_was_accepted(self, house, overview, add):
        one = add(answering("first-here"), answering("another-here"), owner="accepting", **login_of(house))
        before = overview("owner=accepting")["attention"]["identity_pending"]["count"]

        house.admin.post(f"{LIST}/{one['id']}/fingerprint/accept")

        assert (before, overview("owner=accepting")["attention"]["identity_pending"]["count"]) == (1, 0)

    def test_takes_one_server_for_two_only_where_both_are_in_the_register(self, house, overview, add):
        one, other = (add(answering("twice"), owner="twice", **login_of(house)) for _ in range(2))
        before = overview("owner=twice")["attention"]["same_node"]["count"]

        house.admin.post(f"{LIST}/{other['id']}/delete")

        assert (before, overview("owner=twice")["attention"]["same_node"]["count"]) == (2, 0)
        assert house.detail(one["id"])["status"] == "active"


def login_of(house):
    return {"credential_id": house.credential()["id"]}


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "fault"),
        [
            ("status=deleted", {"status": "not_a_choice"}),
            ("location=x", {"location": "unknown_parameter"}),
            ("owner=a%00", {"owner": "control_characters"}),
        ],
    )
    def test_name_what_is_wrong(self, house, query, fault):
        assert {
            name.split(".")[0]: code for name, code in faults(house.admin.get(f"{OVERVIEW}?{query}")).items()
        } == fault

    def test_needs_a_login(self, house):
        assert house.anonymous.get(OVERVIEW).status_code == 401


class TestCost:
    @pytest.mark.parametrize("query", ["", "owner=fleet", "environment=ov-prod&status=active", "owner=nobody"])
    def test_is_the_same_whatever_there_is(self, fleet, count, query):
        # The session, sums, environments, groups, lists, changes.
        assert count("viewer", "GET", f"{OVERVIEW}?{query}") == 6
