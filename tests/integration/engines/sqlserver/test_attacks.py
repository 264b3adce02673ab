"""Servers that would keep, fill or fool whoever asks them: every check ends in time, and no secret leaves."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from app.engines.check import CheckFact
from app.engines.deadline import BUDGET_BYTES
from tests.engine_suite.suite import GRACE_S, SECRET, TRIES, Permissive, check, hides
from tests.support.certificates import Authority
from tests.support.databases import peers
from tests.support.databases import tds_tokens as tokens
from tests.support.databases.tds_documented import documented
from tests.support.databases.tds_server import Behaviour, Server, Talk, tds_server
from tests.support.databases.tds_tokens import Error

DEADLINE_MS = 500
ANSWER = 4
VERSION = (15, 0, 4335, 0)
WELCOME = tokens.acknowledgement(VERSION) + tokens.done()
Against = Callable[..., tuple[CheckFact, Server]]


def dribble(talk: Talk) -> None:
    for byte in b"\x04\x00\x10\x00\x00\x00\x01\x00" + bytes(4_000):
        talk.write(bytes([byte]))
        time.sleep(0.02)


def flood_of_rows(talk: Talk) -> None:
    rows = [{"name": "x" * 100}] * 100
    part = tokens.result(["name"], rows)
    while True:
        talk.write(b"\x04\x00" + (8 + 4000).to_bytes(2, "big") + b"\x00\x00\x01\x00" + (part * 2)[:4000])


def million_of_tiny_rows(talk: Talk) -> None:
    """Under the budget of bytes, and many tokens."""
    talk.send(ANSWER, tokens.metadata(["n"], [{"n": 1}]) + b"\xd1\x00" * 450_000 + tokens.done())
    talk.read_all()


def error_of_a_megabyte(talk: Talk) -> None:
    long = Error(18456, text="х" * 30_000)
    talk.send(ANSWER, tokens.error(long) * 18 + tokens.done(status=2))
    talk.read_all()


def packets_of_a_gigabyte(talk: Talk) -> None:
    talk.send(ANSWER, tokens.environment(4, str(1 << 30), "4096") + WELCOME)
    talk.read_all()


def value_of_a_gigabyte(talk: Talk) -> None:
    talk.send(ANSWER, tokens.text_without_limit(announced=1 << 30, sent=b"ab"))
    talk.read_all()


def silence(talk: Talk) -> None:
    talk.read_all()


def token_inside_of_a_token(talk: Talk) -> None:
    """A route that only whoever reads an ENVCHANGE by its inner lengths gets to see."""
    route = tokens.routing("127.0.0.1", 1)
    outer = b"\x01\x00\x00" + route
    talk.send(ANSWER, b"\xe3" + len(outer).to_bytes(2, "little") + outer + WELCOME)
    talk.read_all()


AT_LOGIN = [silence, dribble, flood_of_rows, million_of_tiny_rows, error_of_a_megabyte, packets_of_a_gigabyte]
IN_A_QUERY = [silence, dribble, flood_of_rows, million_of_tiny_rows, error_of_a_megabyte, value_of_a_gigabyte]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return Authority(tmp_path_factory.mktemp("authority")).issue(["127.0.0.1"])


@pytest.fixture
def against(certificate: tuple[str, str]) -> Iterator[Against]:
    with ExitStack() as running:

        def run(*, mode: str = "require", **how: Any) -> tuple[CheckFact, Server]:
            behaviour = Behaviour(**{"rows": documented(), "accounts": {"muster": SECRET}, **how})
            server = running.enter_context(tds_server(behaviour, certificate if mode != "disable" else None))
            done = check(
                ConnectionSpec(
                    db_type="sqlserver",
                    host="127.0.0.1",
                    port=server.port,
                    guard=Permissive(),
                    login=Login(username="muster", password=SECRET),
                    tls=TlsOptions(mode=mode),  # type: ignore[arg-type]
                    deadline_ms=DEADLINE_MS,
                )
            )
            return done, server

        yield run


def got_the_secret(here: peers.Peer) -> bool:
    here.wait()
    return any(shape in here.received for shape in hides(SECRET))


def in_time(run: Callable[[], tuple[CheckFact, Server]]) -> tuple[CheckFact, Server]:
    """Return what it found, when the best of three runs ended within the deadline and half a second."""
    took = []
    for _ in range(TRIES):
        began = time.monotonic()
        found = run()
        took.append(time.monotonic() - began)
        if took[-1] <= DEADLINE_MS / 1000 + GRACE_S:
            return found
    raise AssertionError(f"the deadline was passed: {took}")


class TestAtTheLogin:
    @pytest.mark.parametrize(
        ("behave", "mode"), [*((one, "require") for one in AT_LOGIN), (dribble, "disable"), (flood_of_rows, "disable")]
    )
    def test_ends_in_time(self, against: Against, behave: Callable[[Talk], None], mode: str) -> None:
        done, server = in_time(lambda: against(on_login=behave, mode=mode))

        assert done.verdict.outcome in {"failed", "degraded"}
        assert len(server.logins) == 1
        if mode == "require":
            assert not got_the_secret(server)

    def test_cuts_the_words_of_a_long_error(self, against: Against) -> None:
        long = Error(18456, text="х" * 30_000 + "\n\x1b[2J\u202e")

        done, _ = against(login_errors=[long])

        told = next(one for one in done.steps if one.step == "login").detail
        assert done.verdict.cause == "login.refused"
        assert len(told["server_text"]) == 500
        assert told["server_text"].isprintable()

    def test_reads_no_more_than_the_budget(self, against: Against) -> None:
        done, _ = in_time(lambda: against(on_login=flood_of_rows))

        failed = next(one for one in done.steps if one.step == "login")
        assert failed.cause == "guard.answer_too_large"
        assert failed.detail["limit_bytes"] == BUDGET_BYTES

    def test_follows_no_route_that_is_hidden_inside_of_a_token(self, against: Against) -> None:
        done, server = in_time(lambda: against(on_login=token_inside_of_a_token))

        assert done.verdict.cause == "check.deadline"  # it logged in, and waits for its first answer
        assert server.connections == 1


class TestInAQuery:
    @pytest.mark.parametrize("behave", IN_A_QUERY)
    def test_ends_in_time(self, against: Against, behave: Callable[[Talk], None]) -> None:
        done, server = in_time(lambda: against(on_batch=lambda talk, _: behave(talk)))

        assert done.verdict.outcome in {"failed", "degraded"}
        assert next(one for one in done.steps if one.step == "identify").outcome == "failed"
        assert not got_the_secret(server)


class TestAtTheGreeting:
    @pytest.mark.parametrize("behave", [silence, dribble, flood_of_rows])
    def test_ends_in_time(self, against: Against, behave: Callable[[Talk], None]) -> None:
        done, server = in_time(lambda: against(on_prelogin=behave))

        assert done.verdict.outcome == "failed"
        assert server.logins == []


class TestDuringTheHandshake:
    @pytest.mark.parametrize("first", [b"\x12\x01\x7f\xff\x00\x00\x01\x00", b"\x12\x00\x10\x00\x00\x00\x01\x00"])
    def test_ends_in_time(self, first: bytes) -> None:
        body = tokens.prelogin(VERSION, "", 1, {})
        greeting = b"\x04\x01" + (8 + len(body)).to_bytes(2, "big") + b"\x00\x00\x01\x00" + body
        with peers.peer(peers.dribbles(greeting + first)) as here:
            spec = ConnectionSpec(
                db_type="sqlserver",
                host="127.0.0.1",
                port=here.port,
                guard=Permissive(),
                login=Login(username="muster", password=SECRET),
                deadline_ms=DEADLINE_MS,
            )
            done, _ = in_time(lambda: (check(spec), here))  # type: ignore[arg-type, return-value]
            assert not got_the_secret(here)

        assert done.verdict.outcome == "failed"


class TestASecret:
    @pytest.mark.parametrize("how", [{"login_errors": [Error(18456, text=f"no: {'x' * 40}")]}, {"on_login": silence}])
    def test_is_in_no_log_and_no_traceback(
        self,
        against: Against,
        how: dict[str, Any],
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(0)

        done, _ = against(**how)

        shown = caplog.text + "".join(capsys.readouterr()) + repr(done)
        assert SECRET not in shown
        assert "".join(f"\\x{one:02x}" for one in hides(SECRET)[2][:4]) not in shown

    def test_is_in_no_attribute_of_what_the_driver_raises(self, certificate: tuple[str, str]) -> None:
        from app.engines.base import ConnectionSpec
        from app.engines.errors import StepFailed
        from app.engines.sqlserver import driver
        from app.engines.sqlserver.channel import Channel

        class Broken(Channel):
            def __init__(self) -> None:
                self.failed = None

            def sendall(self, data: bytes | bytearray, flags: int = 0) -> None:
                raise RuntimeError(f"holds {SECRET}")

            def close(self) -> None:
                pass

        login = Login(username="muster", password=SECRET)
        spec = ConnectionSpec(db_type="sqlserver", host="h", port=1, guard=Permissive(), login=login)
        with pytest.raises(StepFailed) as raised:
            driver.log_in(Broken(), login, spec)

        assert raised.value.__suppress_context__
        assert SECRET not in repr(raised.value.__dict__)
