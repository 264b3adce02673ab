"""SQL Server keeps to what every engine must, against a server of ours that speaks TDS."""

from collections.abc import Iterator

import pytest

from app.engines.base import ConnectionSpec, Login, TlsOptions
from tests.engine_suite.suite import SECRET, EngineSuite, LoginSuite, Permissive
from tests.support.certificates import Authority
from tests.support.databases.tds_documented import documented
from tests.support.databases.tds_server import Behaviour, tds_server
from tests.support.databases.tds_tokens import prelogin

_GREETING = prelogin((15, 0, 4335, 0), "MSSQLSERVER", 1, {})


class TestSqlServer(EngineSuite):
    db_type = "sqlserver"
    greeting = b"\x04\x01" + (8 + len(_GREETING)).to_bytes(2, "big") + b"\x00\x00\x01\x00" + _GREETING


class TestSqlServerWithAnAccount(LoginSuite):
    @pytest.fixture
    def reachable(self, tmp_path) -> Iterator[ConnectionSpec]:
        authority = Authority(tmp_path)
        behaviour = Behaviour(accounts={"muster": SECRET}, rows=documented())
        with tds_server(behaviour, authority.issue(["127.0.0.1"])) as server:
            yield ConnectionSpec(
                db_type="sqlserver",
                host="127.0.0.1",
                port=server.port,
                guard=Permissive(),
                login=Login(username="muster", password=SECRET),
                tls=TlsOptions(mode="verify-full", ca=authority.pem),
            )
