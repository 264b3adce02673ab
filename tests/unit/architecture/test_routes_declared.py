"""Every route says who may call it, what it takes and what it gives, and asks in the right order."""

import re
from collections import Counter

import pytest

from app.api import legacy
from app.api.v1.contract import contract_of
from app.domain.access.permissions import ACTIONS, may
from app.http.decorators import access_of
from tests.support.routes import ROUTES

UNDOCUMENTED = {"/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs/<path:name>"}
CONTRACTS = [route for route in ROUTES if route.rule.startswith("/api/v1/") and route.rule not in UNDOCUMENTED]
WRITES = [route for route in ROUTES if access_of(route.view) and access_of(route.view).csrf]
RESTRICTED = [route for route in WRITES if access_of(route.view).login]
PERMITTED = [route for route in WRITES if access_of(route.view).action]
BAD_BODY = {"nonsense": [1]}


def test_all_doors_are_looked_at():
    rules = {route.rule for route in ROUTES}

    assert {door.path for door in legacy.DOORS} < rules
    assert {"/", "/api/v1/instances", *UNDOCUMENTED} < rules


@pytest.mark.parametrize("route", ROUTES, ids=str)
class TestAccess:
    def test_is_declared(self, route):
        access = access_of(route.view)

        assert access is not None
        assert access.public or access.login

    def test_is_never_public_and_restricted_at_once(self, route):
        access = access_of(route.view)

        assert not (access.public and (access.login or access.action))

    def test_asks_for_a_login_before_a_known_permission(self, route):
        access = access_of(route.view)

        assert access.action is None or (access.login and access.action in ACTIONS)

    def test_asks_for_csrf_exactly_where_something_changes(self, route):
        assert access_of(route.view).csrf == (route.method != "GET")


@pytest.mark.parametrize("door", legacy.DOORS, ids=lambda door: door.path)
def test_a_deprecated_path_declares_the_access_of_its_successor(door):
    views = {str(route): route.view for route in ROUTES}

    old, new = views[f"{door.method} {door.path}"], views[f"{door.verb.upper()} /api/v1{door.successor}"]

    assert access_of(old) == access_of(new)


def told(caller, routes):
    """Send a bad body everywhere; return which answers there were, and to which routes."""
    answers = {}
    for route in routes:
        answer = caller.call(route.method, route.path, BAD_BODY)
        answers.setdefault((answer.status_code, answer.json["message_code"]), []).append(str(route))
    return answers


class TestOrder:
    """Login, permission, CSRF, and only then the body: a caller hears the first thing that is missing."""

    def test_a_stranger_with_a_bad_body_is_a_stranger(self, anonymous):
        assert told(anonymous, RESTRICTED) == {(401, "AUTHENTICATION_REQUIRED"): [str(one) for one in RESTRICTED]}

    def test_a_role_without_the_action_hears_that_before_the_missing_token(self, as_role):
        assert not any(may("viewer", access_of(route.view).action) for route in PERMITTED)
        viewer = as_role("viewer")
        viewer.token = None

        assert told(viewer, PERMITTED) == {(403, "PERMISSION_REQUIRED"): [str(one) for one in PERMITTED]}

    def test_a_missing_token_is_told_before_a_bad_body(self, admin):
        admin.token = None

        assert told(admin, WRITES) == {(403, "CSRF_MISSING"): [str(one) for one in WRITES]}

    def test_a_bad_body_is_told_to_whoever_may_call(self, admin):
        assert told(admin, WRITES) == {(400, "VALIDATION_ERROR"): [str(one) for one in WRITES]}


@pytest.mark.parametrize("route", CONTRACTS, ids=str)
class TestContract:
    def test_has_an_operation_id_and_a_summary(self, route):
        contract = contract_of(route.view)

        assert contract is not None
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", contract.operation_id)
        assert contract.summary[0].isupper()
        assert not contract.summary.endswith(".")

    def test_has_one_success_or_tells_a_new_thing_from_a_known_one_and_what_is_done_from_what_is_begun(self, route):
        assert set(contract_of(route.view).answers) in ({200}, {201}, {200, 201}, {200, 202})

    def test_reads_a_body_exactly_where_something_changes(self, route):
        assert (contract_of(route.view).command is not None) == (route.method != "GET")

    def test_stands_below_the_access(self, route):
        """The outermost function is a guard, and the guards end where the contract begins."""
        if access_of(route.view).public and route.method == "GET":
            return  # nothing guards it
        layers, view = [], route.view
        while hasattr(view, "__wrapped__"):
            layers.append(view.__code__.co_name)
            view = view.__wrapped__

        assert layers[0] == "guarded"
        assert layers == sorted(layers, key="guarded".__ne__)
        assert set(layers) >= {"guarded", "returning"}


def test_operation_ids_are_unique():
    counted = Counter(contract_of(route.view).operation_id for route in CONTRACTS)

    assert counted.most_common(1)[0][1] == 1
