"""What the console is shown on: a running Muster with people of every role, before real databases."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from app.domain.access.permissions import ROLES
from tests.support.api import PASSWORD
from tests.support.databases.mariadb_server import MariaDb, mariadb
from tests.support.databases.peers import Peer, peer
from tests.support.databases.postgresql_server import PASSWORD as DATABASE_PASSWORD
from tests.support.databases.postgresql_server import PostgresqlServer, running, with_accounts
from tests.support.ports import free_port
from tests.support.server import HttpCaller, Server, serving

MARKUP = "<img src=x onerror=alert(1)>"
PLACES = {"hosts": ["127.0.0.1", "localhost"], "suffixes": [".example.com"], "networks": ["127.0.0.0/8", "10.0.0.0/8"]}


@dataclass
class Stage:
    """The server, and what stands behind it; `ids` are the instances that a test may look at, never change."""

    server: Server
    postgresql: PostgresqlServer
    mariadb: MariaDb
    hostile: Peer
    admin: HttpCaller
    ids: dict[str, int] = field(default_factory=dict)
    credentials: dict[str, int] = field(default_factory=dict)
    _cookies: dict[str, list[Any]] = field(default_factory=dict)

    database_password = DATABASE_PASSWORD

    @property
    def host(self) -> str:
        """Return host and port, as the pages know them."""
        return f"127.0.0.1:{self.server.port}"

    def context(self, browser: Browser, role: str | None, look: "Look", **options: Any) -> BrowserContext:
        """Return a context in which somebody of this role is logged in already; None: nobody."""
        context = browser.new_context(base_url=self.server.url, reduced_motion="reduce", **options)
        context.add_init_script(
            'if (location.protocol !== "about:") {'
            f'localStorage.setItem("muster.language", "{look.language}");'
            f'localStorage.setItem("muster.theme", "{look.theme}"); }}'
        )
        if role is not None:
            if role not in self._cookies:
                caller = self.server.caller(role)
                self._cookies[role] = [
                    {"name": one.name, "value": one.value, "url": self.server.url} for one in caller.client.cookies.jar
                ]
                caller.client.close()
            context.add_cookies(self._cookies[role])
        return context

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call the API as the administrator; return the data of the answer. `X_Change_Reason` is a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.admin.call(method, f"/api/v1{path}", body, headers=sent)
        assert answer.status_code < 400, f"{method} {path}: {answer.text}"
        return answer.json()["data"]

    def create(self, name: str, **fields: Any) -> int:
        """Register an instance, of a PostgreSQL that refuses connections where nothing else is said."""
        sound = {"db_type": "postgresql", "host": "127.0.0.1", "port": free_port(), "tls_mode": "disable"}
        return int(self.call("POST", "/instances", {"name": name, **sound, **fields})["instance"]["id"])

    def check(self, instance_id: int) -> Any:
        """Check an instance, to the end."""
        return self.call("POST", f"/instances/{instance_id}/check?wait=true", {})

    def credential(self, name: str, username: str, password: str, **fields: Any) -> int:
        """Register a credential that may go to the databases of the stage."""
        body = {"name": name, "username": username, "password": password, "bindings": PLACES, **fields}
        self.credentials[name] = int(self.call("POST", "/credentials", body)["credential"]["id"])
        return self.credentials[name]


@dataclass(frozen=True)
class Look:
    """In which language and theme somebody looks at the console."""

    language: str = "en"
    theme: str = "light"

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}"


LOOKS = [Look(language, theme) for language in ("en", "zh") for theme in ("light", "dark")]


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _says_markup(here: Peer, sock: socket.socket) -> None:
    """Be a PostgreSQL that refuses everybody with markup."""
    here.read(sock)
    words = b"SFATAL\0VFATAL\0C28P01\0M" + MARKUP.encode() + b"\0\0"
    sock.sendall(b"E" + (len(words) + 4).to_bytes(4, "big") + words)


@contextmanager
def stage(folder: Path, **settings: object) -> Iterator[Stage]:
    """Run everything, with one user for each role, named as the role, and three credentials."""
    with ExitStack() as stack:
        # The system's user of PostgreSQL may not look into the folders of pytest.
        open_to_all = stack.enter_context(TemporaryDirectory(prefix="muster-staged-", dir=_memory()))
        Path(open_to_all).chmod(0o755)
        database = PostgresqlServer(Path(open_to_all) / "postgresql").create()
        stack.enter_context(running([database]))
        with_accounts(database)
        maria = stack.enter_context(mariadb())
        maria.run(
            f"CREATE USER monitor@'%' IDENTIFIED BY '{MARIADB_PASSWORD}'",
            "GRANT PROCESS, REPLICATION CLIENT ON *.* TO monitor@'%'",
        )
        server = stack.enter_context(serving(folder / "data", **settings))
        hostile = stack.enter_context(peer(_says_markup))
        admin = stack.enter_context(server.caller())
        here = Stage(server, database, maria, hostile, admin)
        for role in ROLES:
            if role != "admin":
                here.call("POST", "/users", {"username": role, "password": PASSWORD, "role": role})
        here.credential("monitor-prod", "monitor", DATABASE_PASSWORD)
        here.credential("monitor-maria", "monitor", MARIADB_PASSWORD)
        here.credential("monitor-old", "monitor", "stale-password")
        yield here


MARIADB_PASSWORD = "maria-pw-of-the-tests"
