"""Users over HTTP: made, changed, shut out and let in again; and one's own password."""

import pytest
from sqlalchemy import select

from app.core.db import snapshot
from app.domain.access.first_admin import password_file
from app.models import AuditEvent
from tests.support.api import PASSWORD, ApiCaller, faults

USERS = "/api/v1/users"
CHANGE = "/api/v1/auth/change-password"
ANOTHER = "another password, long enough"


@pytest.fixture
def user(house):
    """Make a user under a new name and return it as answers show it."""

    def make(**fields):
        return house.made("users", {"username": house.new_name("user"), "password": PASSWORD, "role": "dba", **fields})

    return make


def entered(house, user) -> ApiCaller:
    return ApiCaller(house.app).log_in(user["username"])


def actions_on(user_id: int) -> list[str]:
    mine = (AuditEvent.entity_type == "user", AuditEvent.entity_id == user_id)
    with snapshot() as session:
        return list(session.scalars(select(AuditEvent.action).where(*mine).order_by(AuditEvent.id)))


class TestANewUser:
    def test_is_shown_without_a_word_of_the_password_and_can_log_in(self, house, user):
        made = user()

        answer = house.admin.get(f"{USERS}/{made['id']}")

        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
        assert answer.json["data"]["user"] == made
        assert set(made) == {"id", "username", "role", "is_active", "created_at", "updated_at", "version"}
        assert entered(house, made).get("/api/v1/auth/me").json["data"]["user"]["role"] == "dba"

    def test_has_a_place_and_a_name_of_its_own(self, house):
        body = {"username": house.new_name("user"), "password": PASSWORD, "role": "viewer"}

        first, second = house.admin.post(USERS, body), house.admin.post(USERS, body)

        assert first.headers["Location"] == f"{USERS}/{first.json['data']['user']['id']}"
        assert (second.status_code, second.json["extra"]["reason"]) == (409, "user.name_taken")

    def test_is_refused_with_all_its_faults(self, house):
        body = {"username": "a b", "password": "short", "role": "root", "is_active": True}

        assert faults(house.admin.post(USERS, body)) == {
            "username": "invalid_format",
            "password": "too_short",
            "role": "not_a_choice",
            "is_active": "unknown",
        }


class TestTheList:
    def test_is_sorted_and_searched_by_name_a_page_at_a_time(self, house, user):
        names = [user(username=f"listed-{letter}")["username"] for letter in "cab"]

        found = house.admin.get(f"{USERS}?search=LISTED-&limit=2").json["data"]

        assert [one["username"] for one in found["items"]] == sorted(names)[:2]
        assert (found["total"], found["pages"]) == (3, 2)


class TestAChange:
    def test_leaves_what_is_absent_and_ends_no_session(self, house, user):
        made = user()
        caller = entered(house, made)

        answer = house.admin.put(f"{USERS}/{made['id']}", {"role": "viewer"})

        assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
        assert answer.json["data"]["user"]["username"] == made["username"]
        assert caller.get("/api/v1/auth/me").json["data"]["user"]["actions"] == ["view"]
        assert actions_on(made["id"]) == ["user.create", "user.update"]

    def test_that_changes_nothing_writes_nothing(self, house, user):
        made = user()

        answer = house.admin.put(
            f"{USERS}/{made['id']}", {"username": made["username"], "role": "dba", "password": None}
        )

        assert answer.json["data"]["user"] == made
        assert actions_on(made["id"]) == ["user.create"]

    def test_of_the_password_ends_the_sessions_and_the_wait_after_failed_logins(self, house, user):
        made = user()
        caller = entered(house, made)
        for _ in range(6):
            wrong = {"username": made["username"], "password": "not the password"}
            last = house.admin.post("/api/v1/auth/login", wrong)

        answer = house.admin.put(f"{USERS}/{made['id']}", {"password": ANOTHER})

        assert (last.status_code, answer.status_code) == (429, 200)
        assert caller.get("/api/v1/auth/me").status_code == 401
        assert ApiCaller(house.app).log_in(made["username"], ANOTHER)
        assert actions_on(made["id"]) == ["user.create", "user.set_password"]

    def test_of_the_name_keeps_names_apart(self, house, user):
        first, second = user(), user()

        renamed = house.admin.put(f"{USERS}/{first['id']}", {"username": f"{first['username']}-x"})
        taken = house.admin.put(f"{USERS}/{second['id']}", {"username": f"{first['username']}-x"})

        assert (renamed.status_code, taken.status_code) == (200, 409)
        assert ApiCaller(house.app).log_in(f"{first['username']}-x")

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", ""), ("POST", "/disable"), ("POST", "/enable")])
    def test_of_nobody_is_a_404(self, house, method, path):
        answer = house.admin.call(method, f"{USERS}/999999{path}", {} if method == "PUT" else None)

        assert (answer.status_code, answer.json["extra"]["reason"]) == (404, "user.not_found")


class TestDisabling:
    def test_shuts_out_at_once_and_enabling_lets_in_again(self, house, user):
        made = user()
        caller = entered(house, made)
        path = f"{USERS}/{made['id']}"

        off = [house.admin.post(f"{path}/disable") for _ in range(2)]
        seen = caller.get("/api/v1/auth/me").status_code
        refused = house.admin.post("/api/v1/auth/login", {"username": made["username"], "password": PASSWORD})
        on = house.admin.post(f"{path}/enable")

        assert [answer.json["data"]["user"]["is_active"] for answer in off] == [False, False]
        assert [answer.headers["ETag"] for answer in (*off, on)] == ['"2"', '"2"', '"3"']
        assert (seen, refused.status_code) == (401, 401)
        assert caller.get("/api/v1/auth/me").status_code == 401, "the session that ended does not come back"
        assert entered(house, made)
        assert actions_on(made["id"]) == ["user.create", "user.disable", "user.enable"]


class TestTheLastAdministrator:
    def test_is_neither_disabled_nor_demoted(self, house, user):
        me = house.admin.get("/api/v1/auth/me").json["data"]["user"]["id"]
        second = user(role="admin")
        assert house.admin.post(f"{USERS}/{second['id']}/disable").status_code == 200

        answers = [house.admin.post(f"{USERS}/{me}/disable"), house.admin.put(f"{USERS}/{me}", {"role": "dba"})]

        assert [(one.status_code, one.json["extra"]["reason"]) for one in answers] == [(409, "user.last_admin")] * 2
        assert house.admin.get(f"{USERS}/{me}").json["data"]["user"]["role"] == "admin"


class TestOnesOwnPassword:
    def test_ends_the_other_sessions_and_goes_on_under_a_new_id(self, house, user):
        made = user()
        caller, other = entered(house, made), entered(house, made)
        cookie, old_token = caller.client.get_cookie("muster_session").value, caller.token

        answer = caller.post(CHANGE, {"old_password": PASSWORD, "new_password": ANOTHER})

        assert answer.status_code == 200, answer.json
        assert answer.json["data"]["user"]["username"] == made["username"]
        assert other.get("/api/v1/auth/me").status_code == 401
        assert caller.get("/api/v1/auth/me").status_code == 200
        assert caller.post("/api/v1/auth/logout", headers={"X-CSRFToken": old_token}).status_code == 403
        thief = ApiCaller(house.app)
        thief.client.set_cookie("muster_session", cookie)
        assert thief.get("/api/v1/auth/me").status_code == 401
        caller.token = answer.json["data"]["csrf_token"]
        assert caller.post("/api/v1/auth/logout").status_code == 200
        assert ApiCaller(house.app).log_in(made["username"], ANOTHER)
        assert actions_on(made["id"]) == ["user.create", "user.set_password"]

    def test_needs_the_old_one_and_is_throttled_like_a_login(self, house, user):
        caller = entered(house, user())
        body = {"old_password": "not the password", "new_password": ANOTHER}

        answers = [caller.post(CHANGE, body) for _ in range(6)]

        assert [one.status_code for one in answers] == [401] * 5 + [429]
        assert (answers[0].json["message_code"], answers[0].json["extra"]["reason"]) == (
            "INVALID_CREDENTIALS",
            "password.refused",
        )
        assert caller.post(CHANGE, {**body, "old_password": PASSWORD}).status_code == 429
        assert caller.get("/api/v1/auth/me").status_code == 200

    @pytest.mark.parametrize(("new", "code"), [("short", "too_short"), (PASSWORD, "unchanged")])
    def test_has_to_be_another_and_long_enough(self, house, new, code):
        answer = house.as_role("viewer").post(CHANGE, {"old_password": PASSWORD, "new_password": new})

        assert faults(answer) == {"new_password": code}

    def test_deletes_the_file_of_the_first_password(self, house):
        path = password_file(house.app.extensions["muster"].settings)
        admin = house.admin
        for old, new in ((PASSWORD, ANOTHER), (ANOTHER, PASSWORD)):
            path.write_text("x", encoding="utf-8")

            admin.token = admin.post(CHANGE, {"old_password": old, "new_password": new}).json["data"]["csrf_token"]

            assert not path.exists()

    def test_file_stays_when_the_change_of_a_user_fails(self, house):
        path = password_file(house.app.extensions["muster"].settings)
        path.write_text("x", encoding="utf-8")
        me = house.admin.get("/api/v1/auth/me").json["data"]["user"]["id"]

        refused = house.admin.put(f"{USERS}/{me}", {"password": ANOTHER, "role": "viewer"})

        assert (refused.status_code, path.exists()) == (409, True)
        path.unlink()
