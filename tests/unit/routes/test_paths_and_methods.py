"""Paths that lead nowhere, wrong methods, HEAD and OPTIONS: the envelope, or no body at all."""

import pytest

CREATE = "/api/v1/instances"


def told(answer):
    return answer.status_code, answer.json["message_code"], answer.json["category"], answer.json["severity"]


class TestAPathThatLeadsNowhere:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/instances/", "/api/v1//instances",
            "/api/v1/instances/1/", "/api/v1/instances/1/nothing", "/api/v1/instances//1", "/api/v1/INSTANCES",
            "/api/v1/swagger.json", "/swagger.json", "/swaggerui/swagger-ui.css", "/api/v1/openapi.json/",
            "/instances/api", "/instances/api/", "/instances/api/instances/", "/auth/api", "/auth/api/nothing",
            "/auth/api/me/", "/api/v2/instances", "/api/v1/订单", "/api/v1/docs/../openapi.json",
            "/api/v1/docs/..%2f..%2fbootstrap.py", "/api/v1/docs/nothing.js", "/nothing.js", "/static/x.js",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("role", ["admin", "anonymous"])
    def test_is_404(self, house, path, role):
        caller = house.anonymous if role == "anonymous" else house.as_role(role)

        answer = caller.client.get(path, headers={"Accept": "text/html"})

        assert told(answer) == (404, "RESOURCE_NOT_FOUND", "business", "low")


class TestAWrongMethod:
    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/api/v1/instances", {"GET", "HEAD", "OPTIONS", "POST"}),
            ("POST", "/api/v1/instances/1", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
            ("GET", "/api/v1/instances/1/delete", {"OPTIONS", "POST"}),
            ("TRACE", "/api/v1/instances", {"GET", "HEAD", "OPTIONS", "POST"}),
            ("BREW", "/api/v1/instances", {"GET", "HEAD", "OPTIONS", "POST"}),
            ("PUT", "/auth/api/login", {"OPTIONS", "POST"}),
            ("GET", "/instances/api/create", {"OPTIONS", "POST"}),
            ("POST", "/instances/api/instances", {"GET", "HEAD", "OPTIONS"}),
            ("POST", "/api/v1/openapi.json", {"GET", "HEAD", "OPTIONS"}),
        ],
    )
    def test_is_405_and_names_the_right_ones(self, house, method, path, allowed):
        answer = house.anonymous.client.open(path, method=method)

        assert told(answer) == (405, "METHOD_NOT_ALLOWED", "validation", "low")
        assert set(answer.headers["Allow"].split(", ")) == allowed


class TestHeadAndOptions:
    PATHS = (CREATE, "/api/v1/auth/me", f"{CREATE}/999999", f"{CREATE}/1/delete", "/api/v1/nothing", "/auth/api/login")

    @pytest.mark.parametrize("path", [*PATHS, "/instances/api/instances", "/api/v1/openapi.json"])
    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
    def test_have_no_body(self, house, method, path):
        assert house.admin.call(method, path).get_data() == b""
        assert house.anonymous.call(method, path).get_data() == b""

    @pytest.mark.parametrize("path", PATHS)
    def test_head_has_the_status_of_get(self, house, path):
        head, get = house.admin.call("HEAD", path), house.admin.get(path)

        assert (head.status_code, head.content_type) == (get.status_code, get.content_type)

    def test_options_names_the_methods(self, house):
        answer = house.anonymous.call("OPTIONS", CREATE)

        assert answer.status_code == 200
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
