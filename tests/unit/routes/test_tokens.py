"""Tokens: every call works with one and without CSRF, within its role, its networks and its time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core.crypto import token_hash
from app.core.db import snapshot, transaction
from app.domain.access.errors import OwnerDisabled
from app.domain.access.permissions import ROLES, TABLE, is_within, weaker
from app.domain.access.sessions import Caller
from app.domain.access.token_service import TokenWriteService
from app.domain.access.token_text import PREFIX, is_well_formed, new_secret
from app.http.decorators import access_of
from app.models import ApiToken, AuditEvent, User
from tests.support.api import PASSWORD, ApiCaller, faults
from tests.support.routes import ROUTES

TOKENS, ME = "/api/v1/tokens", "/api/v1/auth/me"
# No call takes such a field, so that nothing is written.
BODY = {"no such field": 1}


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


class Bearer(ApiCaller):
    """A script: no cookie, no CSRF token, one header."""

    def __init__(self, app, secret: str) -> None:
        super().__init__(app)
        self.secret = secret

    def call(self, method, path, body=None, **options):
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        return super().call(method, path, body, headers=headers, **options)


@pytest.fixture
def mint(house):
    """Make a token as a role, or as another caller; returns it as the answer shows it."""

    def make(who="admin", **fields):
        caller = house.as_role(who) if isinstance(who, str) else who
        answer = caller.post(TOKENS, {"name": house.new_name("token"), "expires_at": in_days(1), **fields})
        assert answer.status_code == 201, answer.json
        return answer.json["data"]["token"]

    return make


@pytest.fixture
def bearer(house, mint):
    return lambda who="admin", **fields: Bearer(house.app, mint(who, **fields)["secret"])


def change(token, **values) -> None:
    with transaction() as session:
        row = session.get(ApiToken, token["id"])
        for name, value in values.items():
            setattr(row, name, value)


def why(answer) -> tuple[int, str, str]:
    return answer.status_code, answer.json["extra"]["reason"], answer.headers["WWW-Authenticate"]


class TestEveryRoute:
    def test_works_with_a_token_and_without_csrf(self, house, bearer):
        caller, refused, open_to_all = bearer(), {}, set()
        for route in ROUTES:
            path = route.path.replace("/1", "/999999")
            body = None if route.method == "GET" else BODY
            with caller.call(route.method, path, body) as answer:
                if answer.status_code not in {200, 302, 400, 404}:
                    refused[str(route)] = answer.json
            with house.anonymous.call(route.method, path, body) as answer:
                if answer.status_code not in {401, 403}:
                    open_to_all.add(route)

        assert refused == {}
        assert all(access_of(route.view).public for route in open_to_all)

    def test_writes_for_the_owner(self, house, bearer):
        made = bearer("operator").post("/api/v1/tags", {"name": house.new_name()})

        assert made.status_code == 201
        with snapshot() as session:
            last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (last.action, last.actor_name, last.source) == ("tag.create", "operator", "api")

    def test_of_old_works_as_well(self, house, bearer):
        made = bearer("operator").post("/instances/api/create", house.body())

        assert (made.status_code, "Deprecation" in made.headers) == (201, True)


class TestANewToken:
    def test_is_shown_once_and_kept_as_a_hash(self, house, mint):
        made = mint("dba", networks=["10.0.0.0/8"])
        listed = house.as_role("dba").get(TOKENS)
        shown = house.as_role("dba").get(f"{TOKENS}/{made['id']}")

        secret = made.pop("secret")
        assert re.fullmatch(r"muster_[0-9A-Za-z]{49}", secret)
        assert shown.json["data"]["token"] == made
        assert made in listed.json["data"]["items"]
        assert secret not in listed.text + shown.text
        with snapshot() as session:
            row = session.get(ApiToken, made["id"])
            event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert row.secret_hash == token_hash(secret)
        assert event.action == "token.create"
        assert {"field": "secret", "secret": True} in event.changes
        assert secret not in str(event.changes)

    def test_has_the_role_of_its_owner_where_none_is_given(self, mint):
        assert [mint(role)["role"] for role in ("operator", "dba", "admin")] == ["operator", "dba", "admin"]

    @pytest.mark.parametrize(
        ("fields", "found"),
        [
            ({"role": "admin"}, {"role": "above_own"}),
            ({"role": "auditor"}, {"role": "above_own"}),
            ({"role": "root"}, {"role": "not_a_choice"}),
            ({"expires_at": in_days(-1)}, {"expires_at": "past"}),
            ({"expires_at": in_days(366)}, {"expires_at": "too_late"}),
            ({"expires_at": None, "name": ""}, {"expires_at": "wrong_type", "name": "too_short"}),
            ({"networks": ["10.0.0.1/8", "x"]}, {"networks.0": "invalid_network", "networks.1": "invalid_network"}),
            ({"role": "admin", "expires_at": in_days(-1)}, {"role": "above_own", "expires_at": "past"}),
        ],
    )
    def test_asks_for_no_more_than_there_is(self, house, fields, found):
        answer = house.as_role("dba").post(TOKENS, {"name": "x", "expires_at": in_days(1), **fields})

        assert faults(answer) == found

    def test_has_a_name_that_its_owner_uses_once(self, house, mint):
        made = mint("operator")

        again = house.as_role("operator").post(TOKENS, {"name": made["name"], "expires_at": in_days(1)})

        assert (again.status_code, again.json["extra"]["reason"]) == (409, "token.name_taken")
        assert mint("dba", name=made["name"])


class TestARole:
    @pytest.mark.parametrize("one", ROLES)
    @pytest.mark.parametrize("other", ROLES)
    def test_and_another_have_one_that_may_what_both_may(self, one, other):
        assert TABLE[weaker(one, other)] == TABLE[one] & TABLE[other]
        assert is_within(one, other) == (weaker(one, other) == one)

    def test_is_the_weaker_one_of_token_and_owner_at_each_call(self, house, mint):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
        owner = ApiCaller(house.app).log_in(user["username"])
        strong, weak = mint(owner), mint(owner, role="viewer")
        path = f"/api/v1/users/{user['id']}"

        def actions(token):
            return Bearer(house.app, token["secret"]).get(ME).json["data"]["user"]["actions"]

        before = [actions(strong), actions(weak)]
        house.admin.put(path, {"role": "auditor"})
        demoted = [actions(strong), actions(weak)]
        house.admin.put(path, {"role": "admin"})
        promoted = [actions(strong), actions(weak)]

        assert [set(one) for one in before] == [TABLE["dba"], {"view"}]
        assert demoted == [["view"], ["view"]]
        assert [set(one) for one in promoted] == [TABLE["dba"], {"view"}]

    def test_without_the_action_is_refused_by_name(self, house, bearer):
        answer = bearer("admin", role="viewer").post("/api/v1/tags", {"name": house.new_name()})

        assert (answer.status_code, answer.json["extra"]["action"]) == (403, "create")


class TestATokenThatDoesNotCount:
    CHALLENGE = 'Bearer realm="muster", error="invalid_token"'

    def test_is_refused_for_what_is_wrong_with_it(self, house, mint):
        gone, late, away = mint(), mint(), mint()
        change(late, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        change(away, networks=["10.0.0.0/8", "fd00::/8"])
        house.admin.delete(f"{TOKENS}/{gone['id']}")

        answers = [why(Bearer(house.app, one["secret"]).get(ME)) for one in (gone, late, away)]

        assert answers == [(401, f"token.{reason}", self.CHALLENGE) for reason in ("unknown", "expired", "network")]

    @pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
    def test_counts_in_its_networks(self, house, bearer, address):
        caller = bearer(networks=["192.0.2.0/24", "127.0.0.0/30"])

        assert caller.get(ME, environ_base={"REMOTE_ADDR": address}).status_code == 200
        assert caller.get(ME, environ_base={"REMOTE_ADDR": "127.0.0.4"}).status_code == 401
        assert caller.get(ME, environ_base={"REMOTE_ADDR": ""}).status_code == 401

    def test_ends_with_the_disabling_of_its_owner_and_comes_back_with_none(self, house, mint):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
        token = mint(ApiCaller(house.app).log_in(user["username"]))
        child = mint(Bearer(house.app, token["secret"]), expires_at=in_days(0.5))
        callers, path = [Bearer(house.app, one["secret"]) for one in (token, child)], f"/api/v1/users/{user['id']}"
        assert [caller.get(ME).status_code for caller in callers] == [200, 200]

        for verb in ("disable", "enable"):
            house.admin.post(f"{path}/{verb}")
            assert [caller.get(ME).status_code for caller in callers] == [401, 401]
            assert house.admin.get(f"{TOKENS}/{token['id']}").status_code == 404

        told = house.admin.get("/api/v1/audit-events?action=token.revoke&limit=2").json["data"]["items"]
        assert {one["entity_id"] for one in told} == {token["id"], child["id"]}

    def test_is_made_for_nobody_who_is_disabled(self, house):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
        house.admin.post(f"/api/v1/users/{user['id']}/disable")
        owner = Caller(user["id"], user["username"], "dba")
        payload = {"name": "ci", "expires_at": datetime.now(UTC) + timedelta(days=1)}

        with pytest.raises(OwnerDisabled), transaction():
            TokenWriteService(house.settings).create(payload, owner=owner)

    @pytest.mark.parametrize("header", ["Bearer", "Bearer muster_x", "Basic YTpi", "{secret}", "Bearer {secret} x"])
    def test_costs_no_statement_where_it_cannot_be_one(self, house, mint, statements, header):
        secret = mint()["secret"]

        with statements() as found:
            answer = house.anonymous.get(ME, headers={"Authorization": header.format(secret=secret)})

        assert (why(answer), found) == ((401, "token.unknown", self.CHALLENGE), [])

    def test_is_in_no_log_line(self, house, mint, capsys):
        secret = mint()["secret"]
        change_of_case = f"{PREFIX}{secret.removeprefix(PREFIX)[::-1]}"

        assert Bearer(house.app, change_of_case).get(ME).status_code == 401
        assert house.anonymous.get(ME).headers["WWW-Authenticate"] == 'Bearer realm="muster"'

        told = capsys.readouterr()
        assert change_of_case not in told.out + told.err


class TestTheText:
    def test_is_told_from_others_by_its_checksum(self):
        secret = new_secret()

        assert is_well_formed(secret)
        assert secret != new_secret()
        for spoiled in (secret[:-1], f"{secret}0", secret.swapcase(), secret.replace("_", "-"), f"{secret[:-1]}é", ""):
            assert not is_well_formed(spoiled)
        for place in range(len(PREFIX), len(secret)):
            other = "A" if secret[place] != "A" else "B"
            assert not is_well_formed(secret[:place] + other + secret[place + 1 :])


class TestTheCost:
    def test_is_one_statement_and_once_a_minute_another(self, house, bearer, statements):
        caller = bearer()

        taken = []
        for _ in range(2):
            with statements() as found:
                assert caller.get(ME).status_code == 200
            taken.append(len(found))

        assert taken == [2, 1]

    def test_of_last_used_is_paid_again_after_a_minute(self, house, mint, statements):
        token = mint()
        change(token, last_used_at=datetime.now(UTC) - timedelta(seconds=61))

        with statements() as found:
            Bearer(house.app, token["secret"]).get(ME)

        assert len(found) == 2
        shown = house.admin.get(f"{TOKENS}/{token['id']}").json["data"]["token"]["last_used_at"]
        assert datetime.now(UTC) - datetime.fromisoformat(shown) < timedelta(seconds=30)


class TestWhoseTokens:
    def test_are_ones_own_but_for_an_administrator(self, house, mint):
        mine, others = mint("dba"), mint("operator")
        dba, path = house.as_role("dba"), f"{TOKENS}/{others['id']}"

        seen = {one["owner"]["username"] for one in dba.get(f"{TOKENS}?limit=100").json["data"]["items"]}
        found = house.admin.get(f"{TOKENS}?search=operator&limit=100").json["data"]["items"]

        assert seen == {"dba"}
        assert others["id"] in {one["id"] for one in found}
        assert mine["id"] not in {one["id"] for one in found}
        assert [dba.get(path).status_code, dba.delete(path).status_code] == [404, 404]
        assert house.admin.delete(path).status_code == 200
        assert Bearer(house.app, others["secret"]).get(ME).status_code == 401


class TestATokenMadeByAToken:
    def test_gets_no_more_than_that_one_has(self, house, bearer):
        caller = bearer("dba", role="operator", networks=["127.0.0.0/8", "::1/128"])

        body = {"name": "x", "expires_at": in_days(2), "role": "dba", "networks": ["127.0.0.0/24", "0.0.0.0/0"]}

        assert faults(caller.post(TOKENS, body)) == {
            "expires_at": "too_late",
            "role": "above_own",
            "networks.1": "above_own",
        }

    def test_has_its_networks_and_goes_with_it(self, house, mint):
        parent = mint("dba", networks=["127.0.0.0/8"])
        child = mint(Bearer(house.app, parent["secret"]), expires_at=in_days(0.5))
        grandchild = mint(Bearer(house.app, child["secret"]), expires_at=in_days(0.4), networks=["127.0.0.1/32"])

        house.as_role("dba").delete(f"{TOKENS}/{parent['id']}")

        assert (child["networks"], child["parent_id"], grandchild["parent_id"]) == (
            ["127.0.0.0/8"],
            parent["id"],
            child["id"],
        )
        assert Bearer(house.app, grandchild["secret"]).get(ME).status_code == 401
        with snapshot() as session:
            gone = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(3)).all()
            assert {event.entity_id for event in gone} == {parent["id"], child["id"], grandchild["id"]}
            assert {event.action for event in gone} == {"token.revoke"}


class TestASession:
    def test_is_not_what_a_token_has(self, house, bearer):
        caller = bearer("dba")

        me = caller.get(ME).json["data"]["user"]
        out = caller.post("/api/v1/auth/logout")

        assert (me["username"], me["token"]["name"].startswith("token-")) == ("dba", True)
        assert (out.status_code, out.json["message"][:22]) == (200, "A token has no session")
        assert caller.get(ME).status_code == 200
        assert house.as_role("dba").get(ME).json["data"]["user"]["token"] is None

    def test_can_be_begun_with_a_token_in_hand(self, house, bearer):
        caller = bearer("dba")

        answer = caller.post("/api/v1/auth/login", {"username": "viewer", "password": PASSWORD})

        assert answer.json["data"]["user"]["username"] == "viewer"
        assert caller.get(ME).json["data"]["user"]["username"] == "dba"

    def test_ends_where_the_password_is_changed_by_token(self, house, mint):
        user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
        owner = ApiCaller(house.app).log_in(user["username"])
        caller = Bearer(house.app, mint(owner)["secret"])

        answer = caller.post(
            "/api/v1/auth/change-password", {"old_password": PASSWORD, "new_password": "another password, long enough"}
        )

        assert (answer.status_code, answer.json["data"]["csrf_token"]) == (200, None)
        assert "Set-Cookie" not in answer.headers
        assert owner.get(ME).status_code == 401
        assert caller.get(ME).status_code == 200


def test_deleting_a_user_row_takes_the_tokens_along(house, mint):
    user = house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba"})
    token = mint(ApiCaller(house.app).log_in(user["username"]))

    with transaction() as session:
        session.delete(session.get(User, user["id"]))

    with snapshot() as session:
        assert session.get(ApiToken, token["id"]) is None
