"""What every engine must do, by PostgreSQL's."""

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from tests.engine_suite.suite import EngineSuite, LoginSuite, Permissive
from tests.support.databases.postgresql_server import PASSWORD


class TestWithoutAServer(EngineSuite):
    db_type = "postgresql"
    greeting = b"S"


class TestWithAServer(LoginSuite):
    @pytest.fixture
    def reachable(self, server) -> ConnectionSpec:
        return ConnectionSpec(
            db_type="postgresql",
            host="127.0.0.1",
            port=server.port,
            guard=Permissive(),
            login=Login(username="monitor", password=PASSWORD),
            tls=TlsOptions(mode="require"),
        )
