"""Each role × each route: what is expected follows from what the route declares and from the table of roles."""

import re
from pathlib import Path

import pytest

from app.bootstrap import create_app
from app.core.settings import Settings
from app.domain.access.permissions import ROLES, TABLE
from app.http.decorators import Access, access_of

ANONYMOUS = "anonymous"
# No call takes such a field, so that nothing is written and nobody is logged out.
BODY = {"no such field": 1}


def declared():
    """Return every rule, method and declared access of the application; opens no store."""
    app = create_app(Settings(data_dir=Path("unused"), log_level="error"))
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            owner = getattr(view, "view_class", None)
            yield rule.rule, method, access_of(getattr(owner, method.lower()) if owner else view)


ROUTES = list(declared())


@pytest.fixture
def knock(house):
    """Call a route as a role, with a body that no call takes, or as told."""

    def call(role: str, rule: str, method: str, **headers: str):
        caller = house.anonymous if role == ANONYMOUS else house.as_role(role)
        if caller.token is None:
            caller.token = caller.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        path = re.sub(r"<[^>]+>", "999999", rule)
        writes = method != "GET"
        return caller.call(method, path, BODY if writes else None, headers=headers)

    return call


def expected(role: str, access: Access) -> str:
    """Return how a caller fares: the code of the refusal, or that they get through."""
    if access.login and role == ANONYMOUS:
        return "AUTHENTICATION_REQUIRED"
    if access.action and access.action not in TABLE[role]:
        return "PERMISSION_REQUIRED"
    return "through"


def seen(answer) -> str:
    answer.close()  # the page of the documents is a file
    if answer.status_code in {401, 403}:
        return answer.json["message_code"]
    assert answer.status_code in {200, 302, 400, 404}, answer.status_code
    return "through"


def named(values):
    return [f"{method} {rule}" for rule, method, _ in values]


def test_every_route_is_listed_and_declares_who_may_call_it():
    assert len(ROUTES) > 40
    assert all(isinstance(access, Access) for _, _, access in ROUTES)
    assert all(access.public is not access.login for _, _, access in ROUTES)


@pytest.mark.parametrize(("rule", "method", "access"), ROUTES, ids=named(ROUTES))
@pytest.mark.parametrize("role", [ANONYMOUS, *ROLES])
def test_a_role_gets_as_far_as_the_table_says(knock, role, rule, method, access):
    assert seen(knock(role, rule, method)) == expected(role, access)


WRITES = [route for route in ROUTES if route[1] != "GET"]


@pytest.mark.parametrize(("rule", "method", "access"), WRITES, ids=named(WRITES))
def test_a_write_of_anybody_who_may_needs_the_token(house, knock, rule, method, access):
    role = ANONYMOUS if not access.login else next(role for role in ROLES if expected(role, access) == "through")

    assert access.csrf
    assert seen(knock(role, rule, method, **{"X-CSRFToken": ""})) == "CSRF_MISSING"
    assert seen(knock(role, rule, method, **{"X-CSRFToken": "another"})) == "CSRF_INVALID"


@pytest.mark.parametrize(("rule", "method", "access"), WRITES, ids=named(WRITES))
def test_a_write_of_anybody_who_may_not_is_refused_before_the_token_is_missed(knock, rule, method, access):
    refused = [role for role in (ANONYMOUS, *ROLES) if expected(role, access) != "through"]

    answers = {role: seen(knock(role, rule, method, **{"X-CSRFToken": ""})) for role in refused}

    assert answers == {role: expected(role, access) for role in refused}


def test_the_refusals_wrote_nothing(house, knock):
    rows = house.rows()

    for rule, method, access in WRITES:
        for role in [ANONYMOUS, *ROLES]:
            if expected(role, access) != "through":
                knock(role, rule, method)

    assert house.rows() == rows
