"""The login: refused, left out, sent once; and routed elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.engines.base import Login, TlsOptions
from tests.engine_suite.suite import check
from tests.support.certificates import Authority
from tests.support.databases import peers
from tests.support.databases import tds_tokens as tokens
from tests.support.databases.peers import Peer
from tests.support.databases.sqlserver_checks import Start, saw_the_secret, spec_of, step
from tests.support.databases.tds_tokens import Error
from tests.support.ports import free_port


class TestTheLogin:
    @pytest.mark.parametrize(
        ("number", "cause"),
        [
            (18456, "login.refused"),
            (18452, "login.method_unsupported"),
            (18470, "login.account_disabled"),
            (18486, "login.account_locked"),
            (18487, "login.password_expired"),
            (18488, "login.password_expired"),
            (17892, "login.trigger_refused"),
            (18461, "server.restricted"),
            (17809, "server.too_many_connections"),
            (40613, "server.starting"),
            (17142, "server.paused"),
            (40532, "login.other"),
        ],
    )
    def test_is_refused_for_the_reason_of_the_number(self, start: Start, number: int, cause: str) -> None:
        server = start(login_errors=[Error(number, text="Ошибка входа")])

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert step(done, "login").detail["server_code"] == number
        assert step(done, "login").detail["server_text"] == "Ошибка входа"

    @pytest.mark.parametrize("number", [18456, 4060, 976, 40613])
    def test_is_never_tried_twice(self, start: Start, number: int) -> None:
        server = start(login_errors=[Error(number)])

        check(spec_of(server))

        assert (server.connections, len(server.logins)) == (1, 1)

    def test_has_the_reason_of_the_first_error(self, start: Start) -> None:
        server = start(login_errors=[Error(4060, severity=11), Error(18456)])

        assert check(spec_of(server, database_name="nope")).verdict.cause == "database.unknown"

    def test_is_not_due_at_a_replica_that_is_not_readable(self, start: Start) -> None:
        server = start(login_errors=[Error(976, text="The target database participates in an availability group")])

        done = check(spec_of(server, database_name="sales"))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "server.standby_closed")

    def test_is_left_out_while_it_is_suspended(self, start: Start) -> None:
        server = start()

        done = check(spec_of(server, suspended=True))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.suspended")
        assert step(done, "tls").outcome == "ok"
        assert server.logins == []

    def test_is_left_out_without_a_credential(self, start: Start) -> None:
        server = start()

        done = check(spec_of(server, login=None))

        assert (done.verdict.outcome, done.verdict.cause) == ("reachable", "login.no_credential")
        assert done.found.tls is not None

    @pytest.mark.parametrize("password", ["p]a's\"s;w{o}rd", "密码-Ё", "x" * 128])
    def test_sends_any_password_as_it_is(self, start: Start, password: str) -> None:
        server = start(accounts={"muster": password})

        done = check(spec_of(server, login=Login(username="muster", password=password)))

        assert done.found.server is not None

    @pytest.mark.parametrize("password", ["x" * 129, "key-🔑"], ids=["too long", "beyond the basic plane"])
    def test_sends_nothing_that_the_driver_would_send_wrong(self, start: Start, password: str) -> None:
        """The driver counts characters where the server counts halves of them: a wrong password would go out."""
        server = start()

        done = check(spec_of(server, login=Login(username="muster", password=password)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "driver.option_unsupported")
        assert step(done, "login").detail["option"] == "password"
        assert server.logins == []

    def test_is_unsupported_by_a_server_that_speaks_an_old_tds(self, start: Start) -> None:
        old = tokens.acknowledgement((8, 0, 2039, 0), tds=0x71000001) + tokens.done()
        server = start(on_login=lambda talk: talk.send(4, old))

        assert check(spec_of(server)).verdict.cause == "driver.server_unsupported"


class TestARoute:
    @pytest.fixture
    def elsewhere(self) -> Iterator[Peer]:
        with peers.peer(peers.silent) as here:
            yield here

    def guard(self, *ports: int, forbidden: frozenset[str] = frozenset()) -> Any:
        class Bound:
            def refuses(self, address: str) -> bool:
                return address in forbidden

            def admits_login(self, host: str, port: int) -> bool:
                return port in ports

        return Bound()

    def test_is_refused_where_the_credential_is_not_bound(self, start: Start, elsewhere: Peer) -> None:
        server = start(route=("127.0.0.1", elsewhere.port))

        done = check(spec_of(server, guard=self.guard(server.port)))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.redirect_refused")
        assert step(done, "login").detail["routed_to"] == f"127.0.0.1:{elsewhere.port}"
        assert (elsewhere.connections, bytes(elsewhere.received)) == (0, b"")

    def test_is_refused_to_an_address_that_must_not_be_dialled(self, start: Start, elsewhere: Peer) -> None:
        server = start(route=("127.0.0.2", elsewhere.port))
        guard = self.guard(server.port, elsewhere.port, forbidden=frozenset({"127.0.0.2"}))

        done = check(spec_of(server, guard=guard))

        assert done.verdict.cause == "guard.redirect_refused"
        assert step(done, "login").detail["because"] == "guard.network_forbidden"
        assert elsewhere.connections == 0

    def test_is_followed_where_the_login_may_go(self, start: Start) -> None:
        target = start()
        server = start(route=("localhost", target.port))

        done = check(spec_of(server, guard=self.guard(server.port, target.port)))

        assert done.verdict.outcome == "degraded"
        assert step(done, "login").detail["routed_to"] == f"localhost:{target.port}"
        assert [(one.server, one.encrypted) for one in target.logins] == [("localhost", True)]

    def test_is_followed_once(self, start: Start) -> None:
        last = start()
        middle = start(route=("127.0.0.1", last.port))
        server = start(route=("127.0.0.1", middle.port))

        done = check(spec_of(server))

        assert done.verdict.cause == "guard.redirect_refused"
        assert last.connections == 0

    @pytest.mark.parametrize("mode", ["prefer", "require"])
    def test_gets_no_login_in_clear(self, start: Start, mode: str) -> None:
        target = start(tls=False)
        server = start(route=("127.0.0.1", target.port))

        done = check(spec_of(server, mode=mode))

        assert done.verdict.cause in {"guard.cleartext_refused", "tls.not_offered"}
        assert target.logins == []
        assert not saw_the_secret(target)

    def test_has_its_certificate_verified_too(self, start: Start, authority: Authority) -> None:
        target = start(own=authority.issue(["elsewhere.example"]))
        server = start(route=("127.0.0.1", target.port))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert done.verdict.cause == "tls.host_mismatch"
        assert target.logins == []

    def test_to_a_closed_port_is_told(self, start: Start) -> None:
        server = start(route=("127.0.0.1", free_port()))

        assert check(spec_of(server)).verdict.cause == "connect.refused"
