"""A thousand checks at once, beside the bare drivers in a pool of as many threads that do the same.

Run, as root on Debian (it starts a PostgreSQL and a MariaDB server of its own):
uv run python benchmarks/check_cost.py [--checks 1000] [--threads 32]

A tenth of the endpoints refuses, a tenth is silent, a twentieth does not resolve; the others are one real server of
each kind, over TLS. The floor opens the same connections with the same encryption, runs the very statements that a
check runs (they are noted in one check before) and gives silence as long as a check does. It keeps nothing, names no
cause, guards nothing. Both run in turn, in one process each; what counts is the ratio.

Each real endpoint has one of many credentials, because unattended checks never try one login on one server twice at a
time.
"""

import argparse
import itertools
import multiprocessing
import random
import resource
import socket
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
import pymysql

from app.bootstrap import create_app
from app.core.settings import Settings
from app.engines.base import ConnectionSpec, Login
from app.engines.check import run_check
from app.engines.mysql.wire import Wire
from app.engines.postgresql.session import Answer, Session
from tests.engine_suite.suite import Permissive
from tests.support.certificates import Authority
from tests.support.databases import mariadb_server, peers, postgresql_server
from tests.support.ports import free_port

_ROUNDS = 3
_DEADLINE_MS = 3_000
_LOGINS = 64
ADMIN_PASSWORD = "benchmark password"
_PASSWORD = "a password of the benchmark"
_CREATE_PG = f"CREATE ROLE muster LOGIN PASSWORD '{_PASSWORD}'; GRANT pg_monitor TO muster"


@dataclass(frozen=True)
class Endpoint:
    """Where to go, and who answers there: postgresql, mariadb, refused, silent or unknown."""

    kind: str
    db_type: str
    host: str
    port: int


@dataclass(frozen=True)
class Cost:
    """What one round took."""

    wall_s: float
    cpu_s: float
    rss_mb: float


@contextmanager
def servers(folder: Path) -> Iterator[tuple[int, int]]:
    """Run a PostgreSQL and a MariaDB; yields their ports."""
    with ExitStack() as stack:
        certificate, key = Authority(folder / "ca").issue(["localhost", "127.0.0.1"])
        postgresql = postgresql_server.PostgresqlServer(folder / "postgresql").create(
            ssl="on", max_connections="300", **_files(folder, certificate, key)
        )
        stack.enter_context(postgresql_server.running([postgresql]))
        postgresql.run(_CREATE_PG)
        authority = Authority(folder / "mariadb-ca")
        tls = (*authority.issue(["localhost", "127.0.0.1"]), authority.pem)
        mariadb = stack.enter_context(mariadb_server.mariadb("--max-connections=300", tls=tls))
        mariadb.run(f"CREATE USER muster@'%' IDENTIFIED BY '{_PASSWORD}'")
        yield postgresql.port, mariadb.port


def _files(folder: Path, certificate: str, key: str) -> dict[str, str]:
    folder.chmod(0o755)
    paths = {"ssl_cert_file": folder / "server.pem", "ssl_key_file": folder / "server.key"}
    for path, text in zip(paths.values(), (certificate, key), strict=True):
        path.touch(mode=0o600)
        path.write_text(text)
        postgresql_server.give(path)
    return {name: f"'{path}'" for name, path in paths.items()}


def endpoints(count: int, ports: tuple[int, int], stack: ExitStack) -> list[Endpoint]:
    """Return the endpoints in an order that is always the same; each silent one is a peer of its own."""
    postgresql, mariadb = ports
    tenth, engines = count // 10, itertools.cycle([("postgresql", postgresql), ("mariadb", mariadb)])
    kinds = ["refused"] * tenth + ["silent"] * tenth + ["unknown"] * (tenth // 2)
    found = []
    for number in range(count):
        db_type, port = next(engines)
        kind = kinds[number] if number < len(kinds) else db_type
        host = f"h{number}.invalid" if kind == "unknown" else "127.0.0.1"
        if kind == "refused":
            port = free_port()
        if kind == "silent":
            port = stack.enter_context(peers.peer(peers.silent)).port
        found.append(Endpoint(kind, db_type, host, port))
    random.Random(1).shuffle(found)
    return found


class Muster:
    """The register with all endpoints in it."""

    def __init__(self, folder: Path, wanted: Sequence[Endpoint], *, threads: int) -> None:
        settings = Settings(
            data_dir=folder,
            admin_password=ADMIN_PASSWORD,
            log_level="error",
            check_threads=threads,
            check_queue=len(wanted),
            audit_seal_seconds=0,
            allow_loopback=True,
        )
        self._app = app = create_app(settings)
        self._client = app.test_client()
        token = self._client.get("/api/v1/auth/csrf-token").json["data"]["csrf_token"]
        login = {"username": "admin", "password": ADMIN_PASSWORD}
        answer = self._client.post("/api/v1/auth/login", json=login, headers={"X-CSRFToken": token})
        self._headers = {"X-CSRFToken": answer.json["data"]["csrf_token"]}
        logins = [self._credential(number) for number in range(_LOGINS)]
        rows = [
            {"op": "create", "data": self._row(number, one, logins[number % _LOGINS])}
            for number, one in enumerate(wanted)
        ]
        for begin in range(0, len(rows), 1_000):
            self._post("/instances/batch", {"operations": rows[begin : begin + 1_000]})
        self._service = app.extensions["muster"].checks
        self.ids = [item["id"] for item in self._items()]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(f"/api/v1{path}", json=body, headers=self._headers)
        assert answer.status_code < 300, answer.json
        data: dict[str, Any] = answer.json["data"]
        return data

    def _credential(self, number: int) -> int:
        body = {"name": f"monitor-{number}", "username": "muster", "password": _PASSWORD}
        bindings = {"hosts": ["127.0.0.1"], "suffixes": [".invalid"]}
        return int(self._post("/credentials", {**body, "bindings": bindings})["credential"]["id"])

    def _row(self, number: int, one: Endpoint, credential_id: int) -> dict[str, Any]:
        return {
            "name": f"i{number}",
            "db_type": one.db_type,
            "host": one.host,
            "port": one.port,
            "credential_id": credential_id,
            "deadline_ms": _DEADLINE_MS,
        }

    def _items(self) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            answer = self._client.get(f"/api/v1/instances?limit=100&fields=id&cursor={cursor}").json
            yield from answer["data"]["items"]
            cursor = answer["meta"]["next_cursor"]

    def close(self) -> None:
        """Close the store, so that somebody else can serve it."""
        self._app.extensions["muster"].parts().database.close()

    def run(self) -> None:
        """Check every instance, and wait for all ends."""
        under_way = [self._service.check_instance(one, attended=False, operator_id=None) for one in self.ids]
        for one in under_way:
            one.ended.wait(120)

    def outcomes(self) -> dict[str, int]:
        """Return how many instances ended how."""
        counts: dict[str, int] = {}
        for one in ("ok", "degraded", "reachable", "failed"):
            answer = self._client.get(f"/api/v1/instances?outcome={one}&limit=1").json
            counts[one] = answer["data"]["total"]
        return counts


class Floor:
    """The bare drivers."""

    def __init__(self, wanted: Sequence[Endpoint], said: dict[str, list[str]], *, threads: int) -> None:
        self._wanted, self._said, self._threads = wanted, said, threads
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE
        self._visits: dict[str, Callable[[Endpoint], None]] = {
            "postgresql": self._postgresql,
            "mariadb": self._mariadb,
            "refused": self._refused,
            "silent": self._silent,
            "unknown": self._unknown,
        }

    def run(self) -> None:
        """Visit every endpoint."""
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(lambda one: self._visits[one.kind](one), self._wanted):
                pass

    def _postgresql(self, one: Endpoint) -> None:
        login = {"user": "muster", "password": _PASSWORD, "dbname": "postgres"}
        with psycopg.connect(
            host=one.host, hostaddr=one.host, port=one.port, sslmode="require", autocommit=True, **login
        ) as connection:
            for statement in self._said["postgresql"]:
                connection.pgconn.exec_(statement.encode())

    def _mariadb(self, one: Endpoint) -> None:
        limits = {"connect_timeout": 3, "read_timeout": 5, "write_timeout": 5}
        connection = pymysql.connect(
            host=one.host, port=one.port, user="muster", password=_PASSWORD, ssl=self._context, **limits
        )
        with connection, connection.cursor() as cursor:
            for statement in self._said["mariadb"]:
                try:
                    cursor.execute(statement)
                    cursor.fetchall()
                except pymysql.MySQLError:  # what the account may not read
                    continue

    def _refused(self, one: Endpoint) -> None:
        try:
            socket.create_connection((one.host, one.port), timeout=3).close()
        except ConnectionRefusedError:
            return

    def _silent(self, one: Endpoint) -> None:
        with socket.create_connection((one.host, one.port), timeout=3) as sock:
            sock.settimeout(_DEADLINE_MS / 1000)
            try:
                sock.recv(1)
            except TimeoutError:
                return

    def _unknown(self, one: Endpoint) -> None:
        try:
            socket.getaddrinfo(one.host, one.port)
        except socket.gaierror:
            return


def statements(ports: tuple[int, int]) -> dict[str, list[str]]:
    """Return what a check says to each kind of server, noted in one check of each."""
    said: dict[str, list[str]] = {"postgresql": [], "mariadb": []}
    ask, query = Session.ask, Wire.query

    def asked(self: Session, sql: str, *, limit_ms: int) -> Answer:
        said["postgresql"].append(sql)
        return ask(self, sql, limit_ms=limit_ms)

    def queried(self: Wire, sql: str | bytes, unbuffered: bool = False) -> int:
        said["mariadb"].append(sql if isinstance(sql, str) else bytes(sql).decode())
        return int(query(self, sql, unbuffered))

    Session.ask, Wire.query = asked, queried  # type: ignore[method-assign]
    try:
        for db_type, port in zip(said, ports, strict=False):
            login = Login(username="muster", password=_PASSWORD)
            spec = ConnectionSpec(db_type=db_type, host="127.0.0.1", port=port, guard=Permissive(), login=login)
            done = run_check(spec, tell=lambda _: None)
            assert done.verdict.outcome == "degraded", done.verdict
    finally:
        Session.ask, Wire.query = ask, query  # type: ignore[method-assign]
    return said


def measured(work: Callable[[], None]) -> Cost:
    """Return what the work took in this process."""
    began, cpu = time.monotonic(), time.process_time()
    work()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost(time.monotonic() - began, time.process_time() - cpu, peak_kib / 1024)


def _in_a_process(make: Callable[[], Callable[[], None]]) -> Cost:
    """Measure in a new process, so that neither side inherits the other's memory."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def run() -> None:
        theirs.send(measured(make()))

    process = context.Process(target=run)
    process.start()
    cost: Cost = ours.recv()
    process.join()
    return cost


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=32)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, servers(Path(name)) as ports, ExitStack() as stack:
        wanted = endpoints(given.checks, ports, stack)
        said = statements(ports)
        print(f"statements of a check: {', '.join(f'{kind} {len(of)}' for kind, of in said.items())}")
        rounds: list[tuple[Cost, Cost]] = []
        for number in range(_ROUNDS):

            def muster(folder: Path = Path(name) / f"store-{number}") -> Callable[[], None]:
                folder.mkdir(mode=0o700)
                return Muster(folder, wanted, threads=given.threads).run

            ours = _in_a_process(muster)
            floor = _in_a_process(lambda: Floor(wanted, said, threads=given.threads).run)
            rounds.append((ours, floor))
        print(f"{given.checks} checks in {given.threads} threads, median of {_ROUNDS} rounds")
        for title, of in (("wall s", "wall_s"), ("CPU s", "cpu_s"), ("peak RSS MB", "rss_mb")):
            a, b = (statistics.median(getattr(one[side], of) for one in rounds) for side in (0, 1))
            ratio = statistics.median(getattr(one[0], of) / getattr(one[1], of) for one in rounds)
            print(f"{title:12} Muster {a:7.2f}   floor {b:7.2f}   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
