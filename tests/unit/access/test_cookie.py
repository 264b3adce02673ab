"""The cookie and the CSRF token of a session: what they are, how long they live, and when they are dead."""

import pytest

from app.bootstrap import create_app
from tests.support.api import PASSWORD, ApiCaller, faults
from tests.support.store import make_settings

TOKEN, LOGIN, LOGOUT, ME = (f"/api/v1/auth/{name}" for name in ("csrf-token", "login", "logout", "me"))
TAGS = "/api/v1/tags"
WHO = {"username": "admin", "password": PASSWORD}


def cookie_of(caller: ApiCaller, name: str = "muster_session"):
    return caller.client.get_cookie(name)


def set_cookie(response) -> str:
    return response.headers["Set-Cookie"]


@pytest.fixture
def secure(app):
    return ApiCaller(app, base_url="https://localhost")


class TestTheCookie:
    def test_is_kept_from_scripts_and_other_sites(self, anonymous):
        header = set_cookie(anonymous.get(TOKEN))

        assert header.startswith("muster_session=")
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
        assert "Domain" not in header

    def test_is_bound_to_host_and_tls_under_https(self, secure):
        header = set_cookie(secure.get(TOKEN))

        assert header.startswith("__Host-muster_session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(header.split("; "))
        assert "Domain" not in header

    def test_holds_no_role_and_no_name(self, admin):
        import base64

        payload = cookie_of(admin).value.lstrip(".").partition(".")[0]
        held = base64.urlsafe_b64decode(payload + "==")

        assert b"admin" not in held
        assert b"role" not in held

    @pytest.mark.parametrize("change", [lambda value: value[:-2] + "AA", lambda value: "x", lambda value: f"x{value}"])
    def test_that_was_altered_is_nobodys(self, app, admin, change):
        stranger = ApiCaller(app)
        stranger.client.set_cookie("muster_session", change(cookie_of(admin).value))

        assert stranger.get(ME).status_code == 401

    @pytest.mark.parametrize("value", ["1|abc", "1|" + "0" * 128, "x", ""])
    def test_that_flask_login_would_remember_by_is_not_read(self, admin, anonymous, value):
        for caller in (admin, anonymous):
            caller.client.set_cookie("remember_token", value)

        assert [admin.get(path).status_code for path in (ME, "/api/v1/instances")] == [200, 200]
        assert [anonymous.get(path).status_code for path in (ME, "/api/v1/instances")] == [401, 401]
        assert anonymous.log_in("viewer").get(ME).json["data"]["user"]["username"] == "viewer"

    def test_of_http_does_not_count_under_https(self, app, admin):
        other = ApiCaller(app, base_url="https://localhost")
        other.client.set_cookie("muster_session", cookie_of(admin).value)

        assert other.get(ME).status_code == 401

    def test_outlives_flasks_31_days_when_the_settings_say_so(self, settings, signed_days_ago):
        lasting = make_settings(settings.data_dir, session_max_hours=8_760, session_idle_minutes=43_200)
        app = create_app(lasting)
        caller = ApiCaller(app).log_in("admin")
        signed_days_ago(60)

        assert caller.get(ME).status_code == 200
        assert caller.post(TAGS, {"name": "core"}).status_code == 201
        app.extensions["muster"].parts().database.close()


class TestLogin:
    def test_gives_another_session_and_another_token(self, anonymous):
        old = anonymous.token = anonymous.get(TOKEN).json["data"]["csrf_token"]
        before = cookie_of(anonymous).value

        new = anonymous.post(LOGIN, WHO).json["data"]["csrf_token"]

        assert cookie_of(anonymous).value != before
        assert new != old
        answer = anonymous.post(TAGS, {"name": "core"}, headers={"X-CSRFToken": old})
        assert (answer.status_code, answer.json["message_code"]) == (403, "CSRF_INVALID")
        assert anonymous.post(TAGS, {"name": "core"}, headers={"X-CSRFToken": new}).status_code == 201

    def test_again_ends_the_session_that_it_replaces(self, app, admin):
        before = cookie_of(admin).value

        admin.log_in("viewer")

        assert _replayed(app, before).get(ME).status_code == 401
        assert admin.get(ME).json["data"]["user"]["username"] == "viewer"

    def test_leaves_a_planted_cookie_worthless(self, app, anonymous):
        anonymous.get(TOKEN)
        planted = cookie_of(anonymous).value

        anonymous.log_in("admin")

        assert _replayed(app, planted).get(ME).status_code == 401

    def test_asks_for_a_token_as_every_write_does(self, anonymous):
        answer = anonymous.post(LOGIN, WHO)

        assert (answer.status_code, answer.json["message_code"]) == (403, "CSRF_MISSING")

    @pytest.mark.parametrize(
        ("username", "code"),
        [("a\x00b", "control_characters"), ("a\n", "control_characters"), ("\ud800", "invalid_unicode")],
    )
    def test_refuses_a_name_that_no_store_can_hold(self, anonymous, username, code):
        anonymous.token = anonymous.get(TOKEN).json["data"]["csrf_token"]

        assert faults(anonymous.post(LOGIN, {**WHO, "username": username})) == {"username": code}

    def test_does_not_tell_which_of_the_two_was_wrong(self, anonymous):
        anonymous.token = anonymous.get(TOKEN).json["data"]["csrf_token"]

        answers = [anonymous.post(LOGIN, {**WHO, **one}) for one in ({"password": "x"}, {"username": "nobody"})]

        told = [
            {name: value for name, value in answer.json.items() if name not in {"error_id", "timestamp", "context"}}
            for answer in answers
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        assert told[0] == told[1]


def _replayed(app, cookie: str) -> ApiCaller:
    thief = ApiCaller(app)
    thief.client.set_cookie("muster_session", cookie)
    return thief


class TestLogout:
    def test_kills_the_session_although_the_cookie_is_kept(self, app, admin):
        kept, token = cookie_of(admin).value, admin.token

        assert admin.post(LOGOUT).status_code == 200

        thief = _replayed(app, kept)
        thief.token = token
        assert thief.get(ME).status_code == 401
        assert thief.post(TAGS, {"name": "core"}).status_code == 401
        assert admin.get(ME).status_code == 401

    def test_of_nobody_is_401(self, anonymous):
        assert anonymous.post(LOGOUT).status_code == 401
