"""The CSRF token: bound to the session, asked of every write by cookie, and no work of another site."""

import pytest

from app.models import UserSession
from tests.support.api import PASSWORD, ApiCaller

TOKEN, LOGIN, ME = (f"/api/v1/auth/{name}" for name in ("csrf-token", "login", "me"))
TAGS = "/api/v1/tags"
WHO = {"username": "admin", "password": PASSWORD}


@pytest.fixture
def secure(app):
    return ApiCaller(app, base_url="https://localhost")


class TestTheCsrfToken:
    def test_of_a_stranger_writes_no_row(self, anonymous, count):
        for _ in range(3):
            assert anonymous.get(TOKEN).status_code == 200

        assert count(UserSession) == 0

    def test_lives_as_long_as_the_session(self, admin, signed_days_ago):
        signed_days_ago(6)

        assert admin.post(TAGS, {"name": "core"}).status_code == 201

    def test_may_be_fetched_again_and_the_older_one_still_counts(self, admin):
        old, new = admin.token, admin.get(TOKEN).json["data"]["csrf_token"]

        answers = [
            admin.post(TAGS, {"name": f"tag-{number}"}, headers={"X-CSRFToken": token})
            for number, token in enumerate((old, new))
        ]

        assert [answer.status_code for answer in answers] == [201, 201]

    @pytest.mark.parametrize("make", [lambda own: "x", lambda own: own[:-2], lambda own: f"{own} "])
    def test_that_is_not_ours_is_refused(self, admin, make):
        answer = admin.post(TAGS, {"name": "core"}, headers={"X-CSRFToken": make(admin.token)})

        assert (answer.status_code, answer.json["message_code"]) == (403, "CSRF_INVALID")

    def test_of_another_session_is_refused(self, as_role):
        admin, other = as_role("admin"), as_role("admin")

        answer = admin.post(TAGS, {"name": "core"}, headers={"X-CSRFToken": other.token})

        assert (answer.status_code, answer.json["message_code"]) == (403, "CSRF_INVALID")


class TestTheOrigin:
    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://localhost:8080",
            "http://evil.example#localhost",
            "null",
            "",
            "localhost",
            "http://[::1",
        ],
    )
    def test_of_another_site_is_refused_with_a_sound_token(self, admin, origin):
        answer = admin.post(TAGS, {"name": "core"}, headers={"Origin": origin})

        assert (answer.status_code, answer.json["message_code"]) == (403, "CSRF_INVALID")

    @pytest.mark.parametrize("origin", ["http://localhost", "http://LOCALHOST"])
    def test_of_this_site_passes(self, admin, origin):
        assert admin.post(TAGS, {"name": "core"}, headers={"Origin": origin}).status_code == 201

    def test_and_referer_may_be_absent_under_https(self, secure):
        secure.log_in("admin")

        assert secure.post(TAGS, {"name": "core"}).status_code == 201

    def test_is_looked_at_before_a_login_too(self, anonymous):
        anonymous.token = anonymous.get(TOKEN).json["data"]["csrf_token"]

        assert anonymous.post(LOGIN, WHO, headers={"Origin": "https://evil.example"}).status_code == 403


class TestAnAuthorizationHeader:
    @pytest.mark.parametrize("value", ["Bearer whatever", "Basic YWRtaW46YWRtaW4=", ""])
    def test_never_falls_back_to_the_cookie(self, admin, value):
        headers = {"Authorization": value}

        assert admin.get(ME, headers=headers).status_code == 401
        assert admin.post(TAGS, {"name": "core"}, headers=headers).status_code == 401

    def test_needs_no_csrf_token(self, anonymous):
        answer = anonymous.post(LOGIN, WHO, headers={"Authorization": "Bearer whatever"})

        assert answer.status_code == 200


class TestARole:
    def test_that_changes_acts_on_the_next_request(self, as_role, change_user):
        caller = as_role("viewer")
        assert caller.post(TAGS, {"name": "core"}).status_code == 403

        change_user("viewer", role="operator")

        assert caller.post(TAGS, {"name": "core"}).status_code == 201

    def test_of_a_disabled_user_is_none(self, as_role, change_user):
        caller = as_role("viewer")

        change_user("viewer", is_active=False)

        assert caller.get(ME).status_code == 401
