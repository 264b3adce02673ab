"""Who is asking, may they, do they bring the token, and only then: what did they send."""

import io

import pytest

from tests.support.api import ApiCaller, faults

CREATE = "/api/v1/instances"
BAD = {
    "wrong fields": {"json": {"port": 0}},
    "malformed": {"data": b'{"name": ', "content_type": "application/json"},
    "no object": {"data": b"[]", "content_type": "application/json"},
    "unknown type": {"data": b"<x/>", "content_type": "application/xml"},
    "compressed": {"data": b"{}", "content_type": "application/json", "headers": {"Content-Encoding": "gzip"}},
    "no utf-8": {"data": b"name=%ff", "content_type": "application/x-www-form-urlencoded"},
    "no boundary": {"data": b"name=x", "content_type": "multipart/form-data"},
    "a surrogate": {"data": rb'{"csrf_token": 5, "\ud800": 1}', "content_type": "application/json"},
    "empty": {"data": b"", "content_type": "application/json"},
}
TOO_LARGE = {"data": b"x" * (10 * 1024 * 1024 + 1), "content_type": "application/json"}


def code(answer):
    return answer.status_code, answer.json["message_code"]


@pytest.fixture
def bare(house):
    """Call with the session of a role, without the header."""

    def call(role, path=CREATE, **options):
        caller = house.as_role(role)
        return caller.client.post(path, base_url=caller.base_url, **options)

    return call


def with_a_file():
    """Return a form that holds a file, which no call takes; the test client closes it."""
    return {"data": {"rows": (io.BytesIO(b"x"), "rows.csv")}, "content_type": "multipart/form-data"}


class TestAnAnonymousCaller:
    @pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
    def test_is_anonymous_whatever_they_send(self, house, body):
        assert code(ApiCaller(house.app).post(CREATE, **body)) == (401, "AUTHENTICATION_REQUIRED")

    def test_is_anonymous_even_with_eleven_megabytes_and_a_file(self, house):
        assert code(house.anonymous.post(CREATE, **TOO_LARGE)) == (401, "AUTHENTICATION_REQUIRED")
        assert code(house.anonymous.post(CREATE, **with_a_file())) == (401, "AUTHENTICATION_REQUIRED")

    def test_is_not_redirected(self, house):
        answer = house.anonymous.get(CREATE, headers={"Accept": "text/html"})

        assert answer.status_code == 401
        assert answer.content_type == "application/json"


class TestACallerWithoutTheRight:
    @pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
    def test_is_refused_before_token_and_body_are_looked_at(self, house, bare, body):
        assert code(house.as_role("viewer").post(CREATE, **body)) == (403, "PERMISSION_REQUIRED")
        assert code(bare("viewer", **body)) == (403, "PERMISSION_REQUIRED")

    def test_is_told_which_right(self, house):
        answer = house.as_role("operator").post("/api/v1/instances/1/delete")

        assert answer.json["extra"]["action"] == "delete"
        assert answer.json["message"] == "The role operator does not include delete"

    def test_is_refused_before_the_size_is_looked_at(self, house):
        assert code(house.as_role("viewer").post(CREATE, **TOO_LARGE)) == (403, "PERMISSION_REQUIRED")


class TestACallerWithoutTheToken:
    @pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
    def test_is_refused_before_the_body_is_validated(self, bare, body):
        assert code(bare("operator", **body)) == (403, "CSRF_MISSING")

    def test_is_refused_before_a_file_is(self, bare):
        assert code(bare("operator", **with_a_file())) == (403, "CSRF_MISSING")

    def test_is_told_that_the_body_is_too_large_to_look_for_it(self, bare):
        assert code(bare("operator", **TOO_LARGE)) == (413, "PAYLOAD_TOO_LARGE")

    @pytest.mark.parametrize("path", ["/api/v1/instances/999999/delete", "/api/v1/instances/999999/restore"])
    def test_is_refused_before_the_instance_is_looked_for(self, bare, path):
        assert code(bare("admin", path)) == (403, "CSRF_MISSING")

    @pytest.mark.parametrize(
        "body", [{"json": {"csrf_token": None}}, {"data": {"csrf_token": ""}}, {"json": {"csrf_token": ""}}]
    )
    def test_is_not_helped_by_an_empty_one(self, bare, body):
        assert code(bare("operator", **body)) == (403, "CSRF_MISSING")


class TestATokenThatIsNot:
    @pytest.mark.parametrize("token", ["x", "a.b.c", "é", "x" * 5000, "null"])
    def test_ours_is_refused(self, house, bare, token):
        assert code(bare("operator", headers={"X-CSRFToken": token})) == (403, "CSRF_INVALID")

    @pytest.mark.parametrize(
        "text", [rb'"\ud800"', rb'"\u0000"', b"5", b"true", b"[]", b'{"a": 1}', '"令牌"'.encode(), b"1e999", b"-1"]
    )
    def test_ours_is_refused_in_the_body_too(self, bare, text):
        answer = bare("operator", data=b'{"csrf_token": ' + text + b"}", content_type="application/json")

        assert answer.status_code == 403
        assert answer.json["message_code"] in {"CSRF_INVALID", "CSRF_MISSING"}

    def test_of_this_session_is_refused(self, house, bare):
        stranger = house.as_role("dba").token

        assert code(bare("operator", headers={"X-CSRFToken": stranger})) == (403, "CSRF_INVALID")
        assert code(bare("operator", json={"csrf_token": stranger})) == (403, "CSRF_INVALID")

    def test_of_this_site_is_refused(self, house):
        origins = ["http://evil.example", "http://localhost:81", "null", "http://[", "//", "http://localhost.evil"]

        answers = [house.admin.post(CREATE, house.body(), headers={"Origin": origin}) for origin in origins]

        assert [code(answer) for answer in answers] == [(403, "CSRF_INVALID")] * len(origins)
        assert house.admin.post(CREATE, house.body(), headers={"Origin": "http://localhost"}).status_code == 201


class TestACallerWithTheToken:
    def test_is_told_that_the_body_is_too_large(self, house):
        answer = house.admin.post(CREATE, **TOO_LARGE)

        assert code(answer) == (413, "PAYLOAD_TOO_LARGE")
        assert answer.json["extra"]["limit_bytes"] == 10 * 1024 * 1024

    def test_may_send_the_most_that_is_allowed(self, house):
        answer = house.admin.post(CREATE, data=b" " * (10 * 1024 * 1024), content_type="application/json")

        assert code(answer) == (400, "INVALID_REQUEST")


class TestAnAuthorizationHeader:
    @pytest.mark.parametrize("value", ["Bearer mst_x", "Basic YWRtaW46YWRtaW4=", "", "x"])
    @pytest.mark.parametrize("call", [("GET", CREATE), ("POST", CREATE), ("GET", "/api/v1/auth/me")])
    def test_makes_the_cookie_count_for_nothing(self, house, call, value):
        method, path = call

        answer = house.admin.call(method, path, headers={"Authorization": value})

        assert code(answer) == (401, "AUTHENTICATION_REQUIRED")
        assert house.admin.get("/api/v1/auth/me").status_code == 200


class TestFaultsOfQueryAndBody:
    @pytest.mark.parametrize(
        ("method", "path", "body", "found"),
        [
            ("POST", "/api/v1/instances", {"name": "a", "db_type": "mysql", "host": "h", "port": "x"}, "port"),
            ("POST", "/api/v1/tags", {"name": ""}, "name"),
            ("DELETE", "/api/v1/tags/1", {"reason": "none"}, "reason"),
        ],
    )
    def test_are_told_together(self, house, method, path, body, found):
        answer = house.admin.call(method, f"{path}?zz=1", body)

        assert faults(answer) == {"zz": "unknown_parameter", found: faults(answer)[found]}
