"""What every engine must do, by MySQL and MariaDB."""

import pytest

from app.engines.base import ConnectionSpec
from tests.engine_suite.suite import SECRET, EngineSuite, LoginSuite
from tests.support.databases.mariadb_server import MariaDb

GREETING = b"\x4a\x00\x00\x00\x0a8.0.36\x00\x01\x00\x00\x00abcdefgh\x00\xff\xff"


class TestMySql(EngineSuite):
    db_type = "mysql"
    greeting = GREETING


@pytest.mark.slow  # the same engine, which looks at the greeting alone
class TestMariaDb(EngineSuite):
    db_type = "mariadb"
    greeting = GREETING.replace(b"8.0.36", b"5.5.5-10.11.19-MariaDB")


class TestLoggingInToMariaDb(LoginSuite):
    @pytest.fixture
    def reachable(self, server: MariaDb) -> ConnectionSpec:
        return server.spec("muster", SECRET)
