"""A server that speaks TDS, with a good certificate and an account.

Microsoft's ODBC driver and FreeTDS have logged in to it; the engine itself has met no real SQL Server.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.engine_suite.suite import SECRET
from tests.support.certificates import Authority
from tests.support.databases.sqlserver_checks import Start
from tests.support.databases.tds_documented import documented
from tests.support.databases.tds_server import Behaviour, Server, tds_server


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
