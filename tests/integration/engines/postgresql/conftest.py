"""A PostgreSQL server with accounts of every kind; the same one in another language."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.engines.base import TlsOptions
from tests.engine_suite.suite import SECRET, TRIES, hides
from tests.support.certificates import Authority
from tests.support.checking import Checked, check
from tests.support.databases import peers
from tests.support.databases.postgresql_server import (
    PASSWORD,
    Certificates,
    PostgresqlServer,
    locale_exists,
    running,
    with_accounts,
)

DEADLINE_MS = 600
LANGUAGES = {"en": "'C'", "zh_CN": "'zh_CN.UTF-8'"}


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that the server's user can enter, in memory where there is such a place."""
    parent = "/dev/shm" if Path("/dev/shm").is_dir() else None
    path = Path(tempfile.mkdtemp(prefix="muster-checked-", dir=parent))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def certificates(folder) -> Certificates:
    return Certificates(folder / "certificates")


@pytest.fixture(scope="session")
def server(folder, certificates) -> Iterator[PostgresqlServer]:
    """The server, in English, with TLS."""
    server = PostgresqlServer(folder / "server")
    ca = {"ssl": "on", "ssl_ca_file": f"'{certificates.authority.path}'"}
    server.create(**ca, **certificates.options("good"), lc_messages=LANGUAGES["en"], cluster_name="'muster tests'")
    with running([server]):
        with_accounts(server)
        yield server


@pytest.fixture(params=list(LANGUAGES))
def speaking(request, server) -> Iterator[PostgresqlServer]:
    """The server in each language."""
    if request.param != "en":
        if not locale_exists("zh_CN.UTF-8"):
            pytest.skip("the locale zh_CN.UTF-8 is not installed: run `make services` as root")
        server.reload(lc_messages=LANGUAGES[request.param])
    yield server
    if request.param != "en":
        server.reload(lc_messages=LANGUAGES["en"])


@pytest.fixture
def try_as() -> Callable[..., Checked]:
    """Check a server as one of its accounts."""

    def run(server: PostgresqlServer, username: str | None, password: str = PASSWORD, **options: object) -> Checked:
        return check("postgresql", server.port, username=username, password=password, **options)

    return run


@pytest.fixture
def against():
    """Check a peer that behaves like this: it ends within the deadline and half a second, and the secret stays here."""
    running: list[peers.Peer] = []

    def run(behave, *, tls: TlsOptions | None = None, **options) -> Checked:
        took = []
        for _ in range(TRIES):
            here = peers.Peer(behave)
            running.append(here)
            login = {"username": "muster", "password": SECRET}
            checked = check("postgresql", here.port, tls=tls, **login, **{"deadline_ms": DEADLINE_MS, **options})
            assert SECRET not in repr(checked)
            took.append(checked.took_s)
            if checked.took_s < options.get("deadline_ms", DEADLINE_MS) / 1000 + 0.5:
                return checked
        raise AssertionError(took)

    yield run
    for here in running:
        here.wait()
        here.close()
        assert not any(shape in here.received for shape in hides(SECRET))


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))
