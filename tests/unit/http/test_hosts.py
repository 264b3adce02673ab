"""A request for a foreign host is refused: DNS rebinding, or a proxy that nobody told us of."""

import pytest
from flask import Flask

from app.http.hosts import HostNotAllowed, check_host
from tests.support.store import make_settings


@pytest.fixture
def allows(tmp_path):
    """Tell whether a request for the host passes under these settings."""

    def ask(host: str, **changes: object) -> bool:
        settings = make_settings(tmp_path, **changes)
        with Flask("test").test_request_context(headers={"Host": host}):
            try:
                check_host(settings)
            except HostNotAllowed:
                return False
        return True

    return ask


class TestWithoutASetting:
    @pytest.mark.parametrize(
        "host",
        ["localhost", "LOCALHOST", "localhost:5001", "127.0.0.1", "127.0.0.1:5001", "192.0.2.7", "[::1]", "[::1]:5001"],
    )
    def test_localhost_and_addresses_pass(self, allows, host):
        assert allows(host)

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost.",
            "sub.localhost",
            "2130706433",
            "0x7f000001",
            "[::1",
            "[evil]",
            "a b",
            "evil.example@localhost",
            "",
        ],
    )
    def test_every_name_is_refused(self, allows, host):
        assert not allows(host)


class TestTheBaseUrl:
    @pytest.mark.parametrize("host", ["muster.example.com", "Muster.Example.COM:8443", "localhost", "127.0.0.1"])
    def test_adds_its_host(self, allows, host):
        assert allows(host, base_url="https://muster.example.com:8443")

    @pytest.mark.parametrize("host", ["example.com", "a.muster.example.com", "evil.example"])
    def test_adds_no_other(self, allows, host):
        assert not allows(host, base_url="https://muster.example.com")


class TestAllowedHosts:
    @pytest.mark.parametrize(
        "host", ["a.example", "A.EXAMPLE:443", "b.example", "x.b.example", "y.x.b.example", "10.0.0.1"]
    )
    def test_pass_with_their_subdomains_behind_a_dot(self, allows, host):
        assert allows(host, allowed_hosts=("A.example", ".b.example", "10.0.0.1"))

    @pytest.mark.parametrize("host", ["x.a.example", "bb.example", "evilb.example", "localhost", "127.0.0.1"])
    def test_are_all_that_passes(self, allows, host):
        assert not allows(host, allowed_hosts=("a.example", ".b.example"), base_url="https://c.example")


class TestTheAnswer:
    def test_says_how_to_mend_it(self, app):
        answer = app.test_client().get("/api/v1/instances", headers={"Host": "evil.example", "Accept-Language": "en"})

        assert (answer.status_code, answer.json["message_code"]) == (400, "INVALID_REQUEST")
        assert "MUSTER_ALLOWED_HOSTS" in answer.json["suggestions"][0]
        assert "evil.example" not in answer.text

    def test_is_the_same_for_a_path_that_is_none(self, app):
        assert app.test_client().get("/nowhere", headers={"Host": "evil.example"}).status_code == 400
