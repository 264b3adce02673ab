"""Checks of a SQL Server, step by step, against a server of ours that speaks TDS.

Microsoft's ODBC driver and FreeTDS have logged in to that server; the engine itself has met no real one.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from app.engines.ladder import StepFact
from app.engines.sqlserver import browser
from tests.engine_suite.suite import SECRET, Permissive, check, hides
from tests.support.certificates import Authority
from tests.support.databases import peers
from tests.support.databases.peers import Peer
from tests.support.databases.tds_documented import GROUPS, IDENTIFY, RIGHTS, TEMPDB, UPTIME, documented
from tests.support.databases.tds_server import NOT_SUPPORTED, OFF, ON, Behaviour, Server, tds_server
from tests.support.databases.tds_tokens import Error
from tests.support.ports import free_port

Start = Callable[..., Server]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> tuple[str, str]:
    return authority.issue(["127.0.0.1", "localhost"])


@pytest.fixture
def start(certificate: tuple[str, str]) -> Iterator[Start]:
    """Start a server with a good certificate; `tls=False` leaves it none."""
    with ExitStack() as running:

        def run(*, tls: bool = True, own: tuple[str, str] | None = None, **how: Any) -> Server:
            behaviour = Behaviour(**{"rows": documented(), "accounts": {"muster": SECRET}, **how})
            return running.enter_context(tds_server(behaviour, (own or certificate) if tls else None))

        yield run


def spec_of(server: Server | Peer, *, mode: str = "require", **changes: Any) -> ConnectionSpec:
    values = {
        "db_type": "sqlserver",
        "host": "127.0.0.1",
        "port": server.port,
        "guard": Permissive(),
        "login": Login(username="muster", password=SECRET),
        "tls": TlsOptions(mode=mode),  # type: ignore[arg-type]  # a test gives it as text
        "connect_timeout_ms": 1_000,
        "deadline_ms": 3_000,
    }
    return ConnectionSpec(**{**values, **changes})


def step(done: CheckFact, name: str) -> StepFact:
    return next(one for one in done.steps if one.step == name)


def saw_the_secret(server: Server | Peer) -> bool:
    return any(shape in server.received for shape in hides(SECRET))


class TestAGoodServer:
    def test_is_ok_when_its_certificate_is_verified(self, start: Start, authority: Authority) -> None:
        server = start()

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("ok", None)
        assert step(done, "greeting").detail == {"version": "15.0.4335", "encryption": "on"}
        assert done.found.tls is not None
        assert (done.found.tls.protocol, done.found.tls.verified) == ("TLSv1.2", True)

    def test_gets_the_login_encrypted_without_a_verified_certificate(self, start: Start) -> None:
        server = start()

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.unverified")
        assert [one.encrypted for one in server.logins] == [True]
        assert server.logins[0].password == SECRET
        assert not saw_the_secret(server)

    def test_sees_one_connection_and_one_login(self, start: Start) -> None:
        server = start()

        check(spec_of(server))

        assert (server.connections, len(server.logins)) == (1, 1)

    def test_is_told_who_asks_and_for_what(self, start: Start) -> None:
        server = start()

        check(spec_of(server, host="localhost", database_name="sales", application="muster check"))

        login = server.logins[0]
        assert (login.application, login.server, login.database) == ("muster check", "localhost", "sales")

    def test_is_asked_nothing_that_outlives_the_question(self, start: Start) -> None:
        server = start()

        check(spec_of(server))

        assert server.batches
        assert all(one.startswith("EXEC sys.sp_executesql N'SET LOCK_TIMEOUT 2000; SELECT ") for one in server.batches)

    def test_may_want_encryption_for_the_login_only_and_gets_it_for_all(self, start: Start) -> None:
        server = start(encryption=OFF)

        done = check(spec_of(server))

        assert done.verdict.outcome == "degraded"
        assert "SERVERPROPERTY".encode("utf-16-le") not in server.received

    def test_answers_with_more_than_a_packet(self, start: Start) -> None:
        many = [
            {"group_id": f"{number:036}", "group_name": "ag", "role": "PRIMARY", "cluster_name": "C" * 128}
            for number in range(200)
        ]
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: many})

        done = check(spec_of(server))

        assert done.found.server is not None
        assert done.found.server.role == "primary"


class TestTls:
    @pytest.mark.parametrize(
        ("kind", "mode", "cause"),
        [
            ({"expired": True}, "verify-full", "tls.cert_expired"),
            ({"not_yet_valid": True}, "verify-ca", "tls.cert_not_yet_valid"),
            ({"key_bits": 1024}, "verify-ca", "tls.weak_certificate"),
        ],
    )
    def test_tells_a_bad_certificate(
        self, start: Start, authority: Authority, kind: dict[str, Any], mode: str, cause: str
    ) -> None:
        server = start(own=authority.issue(["127.0.0.1"], **kind), ciphers="DEFAULT:@SECLEVEL=0")

        done = check(spec_of(server, tls=TlsOptions(mode=mode, ca=authority.pem)))  # type: ignore[arg-type]

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert server.logins == []

    def test_tells_another_authority(self, start: Start, tmp_path) -> None:
        server = start()

        done = check(spec_of(server, tls=TlsOptions(mode="verify-ca", ca=Authority(tmp_path).pem)))

        assert done.verdict.cause == "tls.unknown_ca"
        assert server.logins == []

    def test_tells_another_host(self, start: Start, authority: Authority) -> None:
        server = start(own=authority.issue(["elsewhere.example"]))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert done.verdict.cause == "tls.host_mismatch"
        assert check(spec_of(server, tls=TlsOptions(mode="verify-ca", ca=authority.pem))).verdict.outcome == "ok"

    def test_tells_a_protocol_that_is_too_old(self, start: Start) -> None:
        server = start(tls_versions=(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1))

        done = check(spec_of(server))

        # Where the versions differ the ciphers do too, and which of them a server complains about is its own affair.
        assert done.verdict.cause in {"tls.protocol_too_old", "tls.no_common_cipher"}
        assert server.logins == []

    def test_accepts_an_old_protocol_where_that_is_allowed(self, start: Start) -> None:
        server = start(tls_versions=(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1))

        done = check(spec_of(server, tls=TlsOptions(mode="require", legacy=True)))

        assert done.found.tls is not None
        assert done.found.tls.protocol == "TLSv1"
        assert done.found.server is not None

    def test_tells_that_there_is_no_common_cipher(self, start: Start) -> None:
        server = start(ciphers="ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")

        assert check(spec_of(server)).verdict.cause == "tls.no_common_cipher"

    def test_shows_a_client_certificate(self, start: Start, authority: Authority) -> None:
        server = start(client_ca=authority.pem)
        own, key = authority.issue(["muster.example"])

        without = check(spec_of(server))
        done = check(spec_of(server, tls=TlsOptions(mode="require", client_cert=own, client_key=key)))

        assert without.verdict.outcome == "failed"
        assert str(without.verdict.cause) in {"tls.client_cert_required", "tls.no_common_cipher"}
        assert done.verdict.outcome == "degraded"

    def test_tells_a_certificate_that_expires_soon(self, start: Start, authority: Authority) -> None:
        server = start(own=authority.issue(["127.0.0.1"], days=10))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.cert_expires_soon")

    def test_tells_an_answer_that_is_no_tls(self) -> None:
        def behave(here: Peer, sock: socket.socket) -> None:
            here.read(sock)
            sock.sendall(_greeting(ON))
            here.read(sock)
            sock.sendall(b"\x12\x01\x00\x16\x00\x00\x01\x00not TLS at all")
            here.drain(sock)

        with peers.peer(behave) as here:
            assert check(spec_of(here)).verdict.cause == "tls.plain_answer"


def _greeting(encryption: int) -> bytes:
    body = b"\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff" + bytes([15, 0, 1, 0, 0, 0, encryption])
    return b"\x04\x01" + struct.pack(">H", 8 + len(body)) + b"\x00\x00\x01\x00" + body


class TestEncryptionThatOneSideLacks:
    @pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
    def test_ends_before_the_login_when_it_is_demanded(self, start: Start, mode: str) -> None:
        server = start(tls=False)

        done = check(spec_of(server, mode=mode))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.not_offered")
        assert server.logins == []
        assert not saw_the_secret(server)

    def test_ends_before_the_login_when_it_is_preferred(self, start: Start) -> None:
        server = start(tls=False)

        done = check(spec_of(server, mode="prefer"))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "guard.cleartext_refused")
        assert (step(done, "tls").outcome, step(done, "tls").cause) == ("ok", "tls.plaintext")
        assert server.logins == []
        assert not saw_the_secret(server)

    @pytest.mark.parametrize("encryption", [NOT_SUPPORTED, OFF])
    def test_lets_the_login_pass_when_it_is_not_wanted(self, start: Start, encryption: int) -> None:
        server = start(tls=encryption == OFF, encryption=encryption)

        done = check(spec_of(server, mode="disable"))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "tls.plaintext")
        assert [one.encrypted for one in server.logins] == [False]

    def test_is_told_when_the_server_demands_it(self, start: Start) -> None:
        server = start(encryption=ON)

        done = check(spec_of(server, mode="disable"))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "tls.required")
        assert not saw_the_secret(server)

    def test_is_told_when_the_server_takes_nothing_but_tds_8(self, start: Start) -> None:
        server = start(strict=True)

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "driver.server_unsupported")
        assert step(done, "greeting").detail["wants"] == "TDS 8.0 (strict encryption)"
        assert not saw_the_secret(server)


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
        from tests.support.databases import tds_tokens as tokens

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


class TestIdentify:
    def test_knows_a_mixed_role(self, start: Start) -> None:
        groups = [
            {"group_id": "A1", "group_name": "ag1", "role": "PRIMARY", "cluster_name": "WSFC1"},
            {"group_id": "A2", "group_name": "ag2", "role": "SECONDARY", "cluster_name": "WSFC1"},
        ]
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: groups})

        found = check(spec_of(server)).found.server

        assert found is not None
        assert (found.role, found.role_detail) == ("mixed", "ag1 PRIMARY, ag2 SECONDARY")
        assert found.cluster_name == "WSFC1"

    def test_asks_tempdb_for_the_uptime_where_it_may_not_ask_the_system(self, start: Start) -> None:
        rows = {**documented(), UPTIME: Error(300, text="VIEW SERVER STATE permission was denied")}
        server = start(rows=rows)

        done = check(spec_of(server))

        assert step(done, "identify").outcome == "ok"
        assert done.found.server is not None
        assert done.found.server.uptime_s == 3600

    def test_knows_no_role_where_it_may_not_ask(self, start: Start) -> None:
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: Error(300)})

        found = check(spec_of(server)).found.server

        assert found is not None
        assert found.role == "unknown"

    def test_needs_no_right_at_all(self, start: Start) -> None:
        denied = Error(297, text="The user does not have permission to perform this action.")
        server = start(rows={**documented(), UPTIME: denied, TEMPDB: []})

        done = check(spec_of(server))

        assert done.found.server is not None
        assert done.found.server.uptime_s is None
        assert done.found.server.identity is not None
        assert done.found.server.identity.started_at is None

    def test_fails_softly(self, start: Start) -> None:
        server = start(rows={**documented(), IDENTIFY: Error(1222, text="Lock request time out period exceeded.")})

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "query.lock_timeout")
        assert step(done, "privileges").outcome == "ok"

    def test_leaves_privileges_out_when_an_answer_is_still_due(self, start: Start) -> None:
        server = start(on_batch=lambda talk, _: talk.read_all())

        done = check(spec_of(server, statement_timeout_ms=200))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "query.timeout")
        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("skipped", "query.timeout")

    def test_tells_a_connection_that_the_server_ends(self, start: Start) -> None:
        server = start(on_batch=lambda talk, _: talk.sock.shutdown(socket.SHUT_RDWR))

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "server.connection_lost")


class TestPrivileges:
    def test_are_all_there(self, start: Start) -> None:
        done = check(spec_of(start()))

        assert step(done, "privileges").outcome == "ok"
        assert {one.need for one in done.found.privileges} == {
            "identify", "replication", "accounts", "object_privileges", "sizes",
        }  # fmt: skip

    def test_that_are_missing_are_named_with_the_statements_that_give_them(self, start: Start) -> None:
        server = start(rows=documented(**{"VIEW SERVER STATE": 0, "CONNECT ANY DATABASE": 0, "closed_databases": 2}))

        done = check(spec_of(server))

        failed = step(done, "privileges")
        assert (failed.outcome, failed.cause) == ("failed", "privilege.missing")
        assert failed.detail["missing"] == ["VIEW SERVER STATE", "CONNECT ANY DATABASE"]
        assert failed.detail["grant"] == (
            "USE master;\nGRANT VIEW SERVER STATE TO [muster];\nGRANT CONNECT ANY DATABASE TO [muster];"
        )
        assert done.verdict.outcome == "degraded"

    def test_that_show_less_are_told(self, start: Start, authority: Authority) -> None:
        server = start(rows=documented(**{"CONNECT ANY DATABASE": None, "closed_databases": 2}))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("ok", "privilege.filtered")
        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "privilege.filtered")

    def test_of_azure_sql_database_are_those_of_the_database(self, start: Start) -> None:
        rows = documented(**{"engine_edition": 5, "VIEW DATABASE STATE": 0, "VIEW SERVER STATE": None})
        server = start(rows=rows)

        assert step(check(spec_of(server)), "privileges").detail["grant"] == "GRANT VIEW DATABASE STATE TO [muster];"

    def test_cannot_be_asked(self, start: Start) -> None:
        server = start(rows={**documented(), RIGHTS: Error(208, text="Invalid object name")})

        done = check(spec_of(server))

        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("failed", "query.other")


class TestANamedInstance:
    @pytest.fixture
    def browsing(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes | None], list[bytes]]]:
        """Be SQL Server Browser on 127.0.0.1, with this answer."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(5)
            monkeypatch.setattr(browser, "PORT", sock.getsockname()[1])
            asked: list[bytes] = []

            def run(answer: bytes | None) -> list[bytes]:
                def serve() -> None:
                    question, client = sock.recvfrom(1024)
                    asked.append(question)
                    if answer is not None:
                        sock.sendto(answer, client)

                threading.Thread(target=serve, daemon=True).start()
                return asked

            yield run

    def closed(self, **changes: Any) -> ConnectionSpec:
        class Closed:
            port = free_port()

        return spec_of(Closed(), instance_name="PROD", **changes)  # type: ignore[arg-type]

    def test_that_moved_is_told_with_its_port(self, browsing: Callable[..., list[bytes]]) -> None:
        told = b"ServerName;SQL1;InstanceName;PROD;IsClustered;No;Version;15.0.2000.5;tcp;51433;;"
        asked = browsing(b"\x05" + struct.pack("<H", len(told)) + told)

        done = check(self.closed())

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.refused")
        assert step(done, "connect").detail["instance_port"] == 51433
        assert asked == [b"\x04PROD\x00"]

    @pytest.mark.parametrize("answer", [None, b"\x05\x00\x00", b"\x05\x10\x00np;x;tcp;99999;;", b"nonsense"])
    def test_that_nobody_lists_is_not_found(self, browsing: Callable[..., list[bytes]], answer: bytes | None) -> None:
        browsing(answer)

        done = check(self.closed())

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", "connect.named_instance")

    def test_is_compared_with_the_one_that_answers(self, start: Start, authority: Authority) -> None:
        server = start(instance="OTHER")
        verified = TlsOptions(mode="verify-full", ca=authority.pem)

        done = check(spec_of(server, instance_name="PROD", tls=verified))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "connect.named_instance")
        assert check(spec_of(server, instance_name="other", tls=verified)).verdict.outcome == "ok"


def postgresql(here: Peer, sock: socket.socket) -> None:
    """Take an SSLRequest, and hang up on all else: to PostgreSQL a PRELOGIN is a packet far too long."""
    if here.read(sock)[4:8] == b"\x04\xd2\x16\x2f":
        sock.sendall(b"S")


def postgresql_that_waits(here: Peer, sock: socket.socket) -> None:
    """The same behind something that keeps the connection open."""
    postgresql(here, sock)
    here.drain(sock)


class TestAnotherServiceOnThePort:
    @pytest.mark.parametrize(
        ("behave", "cause", "speaks"),
        [
            (peers.http, "greeting.not_a_database", "http"),
            (peers.ssh, "greeting.not_a_database", "ssh"),
            (peers.mysql_greeting, "greeting.other_engine", "mysql"),
            (postgresql, "greeting.other_engine", "postgresql"),
            (postgresql_that_waits, "greeting.other_engine", "postgresql"),
        ],
    )
    def test_is_told(self, behave: Any, cause: str, speaks: str) -> None:
        with peers.peer(behave) as here:
            done = check(spec_of(here))

        assert (done.verdict.outcome, done.verdict.cause) == ("failed", cause)
        assert step(done, "greeting").detail["speaks"] == speaks
