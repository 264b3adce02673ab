"""Servers of each engine that take a planted password, and a life of Muster that checks them in every way.

PostgreSQL and MariaDB are real, SQL Server and Oracle are servers of ours.
"""

import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.certificates import Authority
from tests.support.databases import echoing, oracle_server
from tests.support.databases.fake_postgresql import server_context
from tests.support.databases.mariadb_server import mariadb
from tests.support.databases.peers import Peer, peer
from tests.support.databases.postgresql_server import PASSWORD, Certificates, PostgresqlServer, running, with_accounts
from tests.support.databases.tds_documented import documented
from tests.support.databases.tds_server import Behaviour, tds_server
from tests.support.databases.tns_listener import within_tls
from tests.support.planted import secrets_of_key
from tests.support.server import HttpCaller

ENGINES = ("postgresql", "mariadb", "sqlserver", "oracle")
USER, RIGHT = "monitor", PASSWORD
WRONG, TYPED = "Pl4nted 'wrong'\\ö+/2", "Pl4nted 'typed'\\ü+/3"
MARK = "planted-where-it-may-stand"


@dataclass
class Servers:
    """One good server of each engine, and one that repeats the password that it was sent: by engine, their ports."""

    authority: Authority
    stranger: Authority
    good: dict[str, int] = field(default_factory=dict)
    echoing: dict[str, int] = field(default_factory=dict)


@contextmanager
def serving_all() -> Iterator[Servers]:
    """Run all of them; the good ones want a client certificate of their authority, or look at one that comes."""
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="muster-planted-", dir=parent))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        certificates = Certificates(folder / "certificates")
        found = Servers(certificates.authority, certificates.stranger)
        _start_good(found, certificates, folder, stack)
        _start_echoing(found, stack)
        yield found


def _start_good(found: Servers, certificates: Certificates, folder: Path, stack: ExitStack) -> None:
    real = PostgresqlServer(folder / "server")
    real.create(ssl="on", ssl_ca_file=f"'{found.authority.path}'", **certificates.options("good"))
    stack.enter_context(running([real]))
    with_accounts(real)
    files = certificates.files["good"]
    pair = (files[0].read_text(), files[1].read_text())
    maria = stack.enter_context(mariadb(tls=(*pair, found.authority.pem)))
    literal = RIGHT.replace("\\", "\\\\").replace("'", "''")
    maria.run(f"CREATE USER {USER}@'%' IDENTIFIED BY '{literal}'", f"GRANT ALL ON *.* TO {USER}@'%'")
    how = Behaviour(rows=documented(), accounts={USER: RIGHT}, client_ca=found.authority.pem)
    ours = stack.enter_context(tds_server(how, pair))
    context = server_context(files)
    context.load_verify_locations(found.authority.path)
    context.verify_mode = ssl.CERT_REQUIRED
    oracle = stack.enter_context(peer(within_tls(context, oracle_server.standard(USER, RIGHT).behave)))
    found.good = dict(zip(ENGINES, (real.port, maria.port, ours.port, oracle.port), strict=True))


def _start_echoing(found: Servers, stack: ExitStack) -> None:
    files = found.authority.issue_files("echoing", ["127.0.0.1"])
    context = server_context(files)
    servers: list[Peer] = [
        stack.enter_context(peer(echoing.postgresql(context))),
        stack.enter_context(peer(echoing.mysql(context))),
        stack.enter_context(tds_server(echoing.sqlserver(), (files[0].read_text(), files[1].read_text()))),
        stack.enter_context(peer(echoing.oracle(context, USER, RIGHT))),
    ]
    found.echoing = dict(zip(ENGINES, (one.port for one in servers), strict=True))


class Life:
    """Checks of every kind over the API; keeps what is answered, and how each check ended by its kind and engine."""

    def __init__(self, caller: HttpCaller, servers: Servers) -> None:
        self.caller = caller
        self.servers = servers
        self.own, self.foreign = servers.authority.issue([USER]), servers.stranger.issue([USER])
        self.heard: list[str] = []
        self.names: list[str] = []
        self.checks: dict[tuple[str, str], dict[str, Any]] = {}

    @property
    def secrets(self) -> dict[str, str | bytes]:
        """Everything that nobody may see."""
        found: dict[str, str | bytes] = {"right": RIGHT, "wrong": WRONG, "typed": TYPED}
        for name, (_, key) in {"key": self.own, "refused key": self.foreign}.items():
            found[f"line of the {name}"], found[f"number of the {name}"] = secrets_of_key(key)
        return found

    def live(self) -> None:
        """Check each engine with the right and a wrong password, under a wrong authority, with a key that is refused,
        and at a server that repeats what it hears; then look at everything that tells of it."""
        stranger = self.servers.stranger.pem
        for engine, port in self.servers.good.items():
            self.check("right", engine, port)
            self.check("wrong", engine, port, password=WRONG)
            self.check("unknown authority", engine, port, tls_ca=stranger)
            self.check("refused key", engine, port, tls_client_cert=self.foreign[0], tls_client_key=self.foreign[1])
            self.check("echo", engine, self.servers.echoing[engine])
            typed = {**self._endpoint(engine, port), "username": USER, "password": TYPED}
            found = self.checks["typed", engine] = self.post("/api/v1/checks", typed)["check"]
            self.get(f"/api/v1/checks/{found['id']}")
        for path in ("audit-events?limit=100", "instances?limit=100", "credentials"):
            self.get(f"/api/v1/{path}")

    def check(self, kind: str, engine: str, port: int, *, password: str = RIGHT, **tls: str) -> None:
        """Register an instance with a login of its own, and check it."""
        name = f"{engine}-{kind.replace(' ', '-')}"
        login = self.post("/api/v1/credentials", {"name": f"of-{name}", "username": USER, "password": password})
        body = {**self._endpoint(engine, port), **tls, "credential_id": login["credential"]["id"], "description": MARK}
        number = self.post("/api/v1/instances", {"name": name, **body})["instance"]["id"]
        self.checks[kind, engine] = self.post(f"/api/v1/instances/{number}/check", {})["check"]
        self.names.append(name)
        for path in (f"{number}", f"{number}/checks", f"{number}/fingerprint"):
            self.get(f"/api/v1/instances/{path}")

    def post(self, path: str, body: object) -> Any:
        """Send, and return the data of the answer; one that is no success is not shown, for it may hold a secret."""
        answer = self.caller.post(path, body)
        self.heard.append(f"{answer.headers}\n{answer.text}")
        assert answer.is_success, (path, answer.status_code, answer.json().get("message_code"))
        return answer.json()["data"]

    def get(self, path: str) -> None:
        """Read something."""
        answer = self.caller.get(path)
        self.heard.append(f"{answer.headers}\n{answer.text}")
        assert answer.is_success, (path, answer.status_code)

    def _endpoint(self, engine: str, port: int) -> dict[str, Any]:
        service = {"service_name": "orders"} if engine == "oracle" else {}
        tls = {"tls_ca": self.servers.authority.pem, "tls_client_cert": self.own[0], "tls_client_key": self.own[1]}
        return {"db_type": engine, "host": "127.0.0.1", "port": port, "tls_mode": "verify-full", **tls, **service}
