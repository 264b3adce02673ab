"""Who is not let in by a real server, and why, in two languages."""

import psycopg
import pytest

from app.engines.base import TlsOptions

REQUIRE = TlsOptions(mode="require")
PLAIN = TlsOptions(mode="disable")

# account, cause, SQLSTATE
REFUSED = [
    ("expired", {}, "login.refused", "28P01"),
    ("no_password", {}, "login.refused", "28P01"),
    ("nobody_of_this_name", {}, "login.refused", "28P01"),
    ("no_login", {}, "login.account_disabled", "28000"),
    ("limited", {}, "login.account_limit", "53300"),
    ("rejected", {"tls": REQUIRE}, "access.host_not_allowed", "28000"),
    ("plain", {"tls": REQUIRE, "database_name": "unlisted"}, "access.host_not_allowed", "28000"),
    ("tls_only", {"tls": PLAIN, "database_name": "unlisted"}, "tls.required", "28000"),
    ("certified", {"tls": REQUIRE}, "tls.client_cert_required", "28000"),
    ("by_ident", {}, "login.method_unsupported", "28000"),
    ("untold", {}, "login.refused", "28000"),
    ("plain", {"database_name": "nowhere"}, "database.unknown", "3D000"),
    ("plain", {"database_name": "denied"}, "database.access_denied", "42501"),
    ("plain", {"database_name": "closed"}, "database.not_open", "55000"),
    ("plain", {"database_name": "crowded"}, "server.too_many_connections", "53300"),
]


class TestARefusal:
    @pytest.mark.parametrize(("account", "options", "cause", "code"), REFUSED)
    def test_has_the_same_cause_in_every_language(self, speaking, try_as, account, options, cause, code):
        checked = try_as(speaking, account, **options)

        assert (checked.outcome, checked.cause, checked.failed_step) == ("failed", cause, "login")
        assert checked.steps["login"].detail["server_code"] == code

    def test_of_a_wrong_password_happens_once_over_tls(self, speaking, try_as):
        before = speaking.log.read_text()

        checked = try_as(speaking, "monitor", "not-the-password", tls=TlsOptions(mode="prefer"))

        assert checked.cause == "login.refused"
        news = speaking.log.read_text()[len(before) :]
        assert news.count("=127.0.0.1 ") == 1

    def test_tells_our_address_as_the_server_saw_it(self, speaking, try_as):
        checked = try_as(speaking, "rejected", tls=REQUIRE)

        assert checked.steps["login"].detail["our_address"] == "127.0.0.1"

    def test_tells_the_words_of_the_server(self, server, try_as):
        checked = try_as(server, "monitor", "not-the-password")

        assert checked.steps["login"].detail["server_text"] == 'password authentication failed for user "monitor"'

    def test_for_want_of_slots_is_told_before_and_after_the_login(self, speaking, try_as):
        with Filled(speaking, keep=3):
            reserved = try_as(speaking, "monitor")
        with Filled(speaking, keep=0):
            full = try_as(speaking, "monitor")

        assert (reserved.cause, full.cause) == ("server.too_many_connections", "server.too_many_connections")
        assert reserved.steps["login"].detail["server_code"] == "53300"


class Filled:
    """Takes all slots of a server but a few."""

    def __init__(self, server, *, keep: int) -> None:
        self.server, self.keep, self.held = server, keep, []

    def __enter__(self):
        self.server.wait_for("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'", 1)
        link = {"host": str(self.server.folder), "port": self.server.port, "user": "postgres", "dbname": "postgres"}
        for _ in range(20 - self.keep):
            self.held.append(psycopg.connect(**link))

    def __exit__(self, *_):
        for one in self.held:
            one.close()
