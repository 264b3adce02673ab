"""`X-Forwarded-*` counts when a trusted proxy says it, and is ignored from everybody else."""

from ipaddress import ip_network

import pytest
from flask import request

from app.bootstrap import create_app
from app.http.proxies import TrustedProxies
from tests.support.store import make_settings

INNER = tuple(map(ip_network, ("10.0.0.0/8", "fd00::/8")))
PROXY, CLIENT, SPOOFED = "10.0.0.1", "203.0.113.7", "198.51.100.66"


def through(networks, remote: str | None = PROXY, **headers: str) -> dict:
    """Send a request through the middleware; returns the environment that the application sees."""
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        return [b""]

    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": "inner:5001"}
    if remote is not None:
        environ["REMOTE_ADDR"] = remote
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    TrustedProxies(application, networks)(environ, None)
    return seen


class TestWithoutTrust:
    @pytest.mark.parametrize(
        ("networks", "remote"), [((), PROXY), ((), "127.0.0.1"), (INNER, CLIENT), (INNER, ""), (INNER, None)]
    )
    def test_every_forwarded_header_is_ignored_and_removed(self, networks, remote):
        seen = through(networks, remote, **{"for": SPOOFED, "proto": "https", "host": "evil.example"})

        assert seen.get("REMOTE_ADDR") == remote
        assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == ("http", "inner:5001")
        assert not [name for name in seen if "FORWARDED" in name]


class TestTheClient:
    @pytest.mark.parametrize(
        ("chain", "client"),
        [
            (CLIENT, CLIENT),
            (f"{SPOOFED}, {CLIENT}", CLIENT),
            (f"{SPOOFED}, {CLIENT}, 10.9.9.9", CLIENT),
            (f"{SPOOFED},{CLIENT} , 10.9.9.9,10.8.8.8", CLIENT),
            (f"10.7.7.7, {CLIENT}", CLIENT),
            ("2001:db8::7", "2001:db8::7"),
            (f"{CLIENT}, fd00::2", CLIENT),
            (f"{CLIENT}, ::ffff:10.9.9.9", CLIENT),
            ("10.7.7.7", PROXY),
            ("", PROXY),
            (" , ,", PROXY),
            ("unknown", PROXY),
            (f"{SPOOFED}, unknown, 10.9.9.9", PROXY),
            ("127.0.0.1' OR 1=1", PROXY),
        ],
    )
    def test_is_the_last_that_is_no_trusted_proxy(self, chain, client):
        assert through(INNER, **{"for": chain})["REMOTE_ADDR"] == client

    @pytest.mark.parametrize("proxy", ["fd00::1", "::ffff:10.0.0.1"])
    def test_is_found_behind_a_proxy_of_ipv6(self, proxy):
        assert through(INNER, proxy, **{"for": CLIENT})["REMOTE_ADDR"] == CLIENT


class TestSchemeAndHost:
    @pytest.mark.parametrize(
        ("said", "scheme"), [("https", "https"), ("http, https", "https"), ("https, http", "http"), ("ftp", "http")]
    )
    def test_are_those_of_the_nearest_proxy(self, said, scheme):
        seen = through(INNER, proto=said, host="evil.example, muster.example.com")

        assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (scheme, "muster.example.com")

    def test_stay_when_the_proxy_says_nothing(self):
        seen = through(INNER)

        assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == ("http", "inner:5001")

    def test_reach_the_application(self, tmp_path):
        app = create_app(make_settings(tmp_path / "data", trusted_proxies=("127.0.0.1/32",)))
        seen = []
        app.before_request_funcs[None].append(lambda: seen.append((request.remote_addr, request.is_secure)))
        headers = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"}

        answer = app.test_client().get("/api/v1/auth/csrf-token", headers=headers)
        app.extensions["muster"].parts().database.close()

        assert seen == [(CLIENT, True)]
        assert answer.headers["Set-Cookie"].startswith("__Host-")
