"""Query strings, paths and hosts that nobody should send: always an envelope with a 4xx, never a 500."""

import pytest

from tests.support.api import faults

CREATE = "/api/v1/instances"


class TestAQueryString:
    @pytest.mark.parametrize(
        "query", ["search=%ff", "%ff=1", "search=%ed%a0%80", "search=%c3", "&".join(["tags=a"] * 2001)]
    )
    @pytest.mark.parametrize("path", [CREATE, "/api/v1/tags", "/api/v1/auth/me", "/instances/api/instances"])
    def test_that_cannot_be_read_is_400(self, house, path, query):
        answer = house.admin.get(f"{path}?{query}")

        assert (answer.status_code, answer.json["message_code"]) == (400, "INVALID_REQUEST")

    def test_of_raw_bytes_is_400(self, house):
        answer = house.admin.get(CREATE, environ_overrides={"QUERY_STRING": "search=\xff"})

        assert (answer.status_code, answer.json["extra"]["problem"]) == (400, "utf8")

    def test_has_its_place_only_where_it_is_declared(self, house):
        path = f"{CREATE}/{house.instance()['id']}"

        assert faults(house.admin.post(f"{path}/delete?force=1")) == {"force": "unknown_parameter"}
        assert house.detail(path.rpartition("/")[2])["deleted_at"] is None


class TestAPath:
    @pytest.mark.parametrize(
        "tail",
        [
            "%ff",
            "%00",
            "1%00",
            "%ed%a0%80",
            "..%2f1",
            "1;x=1",
            "1%0d%0aX-Evil:1",
            "9223372036854775808",
            "1.0",
            "0x1",
            "+1",
        ],
    )
    @pytest.mark.parametrize("path", ["/api/v1/instances", "/instances/api", "/api/v1/tags", "/api/v1/nothing"])
    def test_that_leads_nowhere_is_404(self, house, path, tail):
        answer = house.admin.get(f"{path}/{tail}")

        assert (answer.status_code, answer.json["message_code"]) == (404, "RESOURCE_NOT_FOUND")
        assert "X-Evil" not in answer.headers

    @pytest.mark.parametrize("verb", ["delete", "restore", "history"])
    def test_with_an_id_beyond_64_bits_is_404(self, house, verb):
        method = "GET" if verb == "history" else "POST"

        assert house.admin.call(method, f"{CREATE}/{2**63}/{verb}").status_code == 404
        assert house.admin.call(method, f"{CREATE}/{10**40}/{verb}").status_code == 404


class TestAHostHeader:
    @pytest.mark.parametrize(
        "host", ["evil.example", "[", "[::1", "localhost:x", "a b", "", "localhost@evil.example", "\xff"]
    )
    def test_of_another_host_is_400(self, house, host):
        answer = house.anonymous.client.get("/api/v1/auth/csrf-token", headers={"Host": host})

        assert (answer.status_code, answer.json["message_code"]) == (400, "INVALID_REQUEST")
