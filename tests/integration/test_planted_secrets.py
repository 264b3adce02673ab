"""No planted password and no planted key is in any answer, log, output or page of the store, in whatever encoding."""

import socket
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog
from sqlalchemy import text

from app.core.logging import configure
from app.engines import registry
from app.engines.base import Address, ConnectionSpec, Login, TlsOptions
from app.engines.check import run_check
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.redaction import Redaction
from tests.integration.planted_life import ENGINES, MARK, RIGHT, TYPED, USER, WRONG, Life, Servers, serving_all
from tests.support.checking import OpenGuard
from tests.support.planted import find, hits, reachable, secrets_of_key
from tests.support.server import HttpCaller, Server, run
from tests.support.store import make_settings, open_store, stored_bytes

CAUSES = {
    "right": {None, "query.other", "privilege.missing", "privilege.filtered"},
    "wrong": {"login.refused"},
    "typed": {"login.refused"},
    "unknown authority": {"tls.unknown_ca"},
    "refused key": {"tls.client_cert_refused"},
    "echo": {"login.refused"},
}
PLACES = ("log", "answers", "store", "output of check", "output of check --json", "exported files")


@dataclass
class Lived:
    """What is left of a life, by place."""

    life: Life
    places: dict[str, str | bytes]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with serving_all() as running:
        yield running


@pytest.fixture(scope="module")
def lived(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A life that ends with a store in which no step of a check can be written."""
    folder = tmp_path_factory.mktemp("planted") / "data"
    server = Server(folder, log_level="debug").wait()
    try:
        with server.caller() as caller:
            life = Life(caller, servers)
            life.live()
            pages = stored_bytes(make_settings(folder))
            places = outputs(folder, life.names)
            break_the_store(folder)
            crash = caller.post(f"/api/v1/instances/{life.checks['echo', 'postgresql']['instance_id']}/check", {})
    finally:
        server.stop()
    pages += stored_bytes(make_settings(folder))
    answers = "\n".join([*life.heard, crash.text])
    return Lived(life, {**places, "log": server.log, "answers": answers, "store": pages})


def outputs(folder: Path, names: list[str]) -> dict[str, str | bytes]:
    """Return what commands say, and the files that an export writes; who names an instance logs in to it always."""
    exported = folder.parent / "exported"
    commands = {"check": names, "check --json": names, "export": [str(exported)]}
    done = {words: run(*words.split(), *more, folder=folder) for words, more in commands.items()}
    said = {f"output of {words}": one.stdout + one.stderr for words, one in done.items()}
    files = "".join(path.read_text() for path in sorted(exported.rglob("*")) if path.is_file())
    return {**said, "exported files": files}


def break_the_store(folder: Path) -> None:
    with open_store(folder).engine.begin() as connection:
        connection.execute(text("ALTER TABLE check_steps RENAME COLUMN detail TO somewhere_else"))
    connection.engine.dispose()


class TestALifeOfChecks:
    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("kind", CAUSES)
    def test_ends_each_check_as_it_is_meant_to(self, lived: Lived, kind: str, engine: str) -> None:
        assert lived.life.checks[kind, engine]["cause"] in CAUSES[kind]

    @pytest.mark.parametrize("engine", ENGINES)
    def test_tells_that_a_server_repeated_the_password(self, lived: Lived, engine: str) -> None:
        login = next(one for one in lived.life.checks["echo", engine]["steps"] if one["step"] == "login")

        assert login["detail"]["server_text"].count("…") >= 5

    def test_logs_a_traceback(self, lived: Lived) -> None:
        assert "check.not_recorded" in lived.places["log"]
        assert "Traceback" in lived.places["log"]

    @pytest.mark.parametrize("place", PLACES)
    def test_leaves_no_secret_anywhere(self, lived: Lived, place: str) -> None:
        assert len(lived.places[place]) > 500
        assert hits(lived.life.secrets, {place: lived.places[place]}) == []

    def test_is_searched_where_it_left_its_traces(self, lived: Lived) -> None:
        """What may stand there is found, so that a secret would be."""
        assert find(MARK, lived.places["store"])
        assert find(MARK, lived.places["answers"])
        assert find(MARK, lived.places["exported files"])
        assert lived.places["output of check --json"].count("refused: … ") == len(ENGINES)
        assert {RIGHT, WRONG, TYPED} <= set(lived.life.secrets.values())


def spec_of(servers: Servers, engine: str, kind: str) -> ConnectionSpec:
    """Return how a check of this kind reaches its server; the client's key is a planted one."""
    life = Life(HttpCaller(httpx.Client()), servers)
    known = servers.stranger.pem if kind == "unknown authority" else servers.authority.pem
    certificate, key = life.foreign if kind == "refused key" else life.own
    return ConnectionSpec(
        db_type=engine,
        host="127.0.0.1",
        port=(servers.echoing if kind == "echo" else servers.good)[engine],
        guard=OpenGuard(),
        service_name="orders" if engine == "oracle" else None,
        login=Login(username=USER, password=WRONG if kind == "wrong" else RIGHT),
        tls=TlsOptions(mode="verify-full", ca=known, client_cert=certificate, client_key=key),
    )


def secrets_in(spec: ConnectionSpec) -> dict[str, str | bytes]:
    assert spec.login is not None
    line, number = secrets_of_key(spec.tls.client_key or "")
    return {"password": spec.login.password, "line of the key": line, "number of the key": number}


def raised_by(spec: ConnectionSpec, redaction: Redaction) -> BaseException:
    """Return what leaves an engine."""
    found = registry.find_engine(spec.db_type)
    assert found is not None
    address = Address("127.0.0.1", socket.AF_INET)
    with pytest.raises((StepFailed, DeadlinePassed)) as caught:
        found.climb(spec, [address], Ladder(Deadline(15_000), lambda _: None, redaction))
    return caught.value


@pytest.mark.parametrize("engine", ENGINES)
class TestWhatAnEngineRaises:
    @pytest.mark.parametrize("kind", ["wrong", "unknown authority", "refused key", "echo"])
    def test_leads_to_no_secret(self, servers: Servers, engine: str, kind: str) -> None:
        spec = spec_of(servers, engine, kind)
        assert spec.login is not None

        failed = raised_by(spec, Redaction.of(spec.login.password))

        shown = {"attributes": reachable(failed), "traceback": "".join(traceback.format_exception(failed))}
        assert getattr(failed, "cause", None) in CAUSES[kind]
        assert hits(secrets_in(spec), shown) == []

    def test_would_lead_to_it_where_nothing_is_hidden(self, servers: Servers, engine: str) -> None:
        assert find(RIGHT, reachable(raised_by(spec_of(servers, engine, "echo"), Redaction())))


class Exploding:
    """An engine that fails in a way that nobody foresaw, with all that it knows in its words."""

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        try:
            raise ValueError(spec.login, spec.tls.client_key)  # noqa: TRY301 - the cause of the other
        except ValueError as exc:
            assert spec.login is not None
            raise RuntimeError(f"{spec.login.password} {spec.tls.client_key}", spec, addresses, ladder) from exc


class TestACheckThatFailsWithin:
    @pytest.mark.parametrize("log_format", ["console", "json"])
    def test_tells_the_kind_of_failure_alone(
        self,
        servers: Servers,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        log_format: str,
    ) -> None:
        spec = spec_of(servers, "postgresql", "right")
        monkeypatch.setattr(registry, "find_engine", lambda _: Exploding())
        configure(make_settings(tmp_path / "data", log_format=log_format, log_level="debug"))
        try:
            done = run_check(spec, tell=lambda _: None)
        finally:
            structlog.reset_defaults()
        said = capsys.readouterr()

        assert done.verdict.cause == "check.internal"
        assert "RuntimeError" in said.err
        assert hits(secrets_in(spec), {"log": said.err + said.out, "check": repr(done)}) == []
