"""How logins end on a real MariaDB server, each with what the server itself says."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from pymysql import _auth

from tests.engine_suite.suite import SECRET, check
from tests.support.databases.mariadb_server import MariaDb, ended, mariadb, step


@contextmanager
def setting(server: MariaDb, name: str, value: object) -> Iterator[None]:
    ((before,),) = server.run(f"SELECT @@GLOBAL.{name}")
    server.run(f"SET GLOBAL {name} = {value!r}")
    try:
        yield
    finally:
        server.run(f"SET GLOBAL {name} = {before!r}")


@pytest.fixture
def account(server: MariaDb) -> Iterator[str]:
    """An account without a right, for one test."""
    server.run(f"CREATE USER one@'%' IDENTIFIED BY '{SECRET}'")
    yield "one"
    server.run("DROP USER one@'%'")


class TestALogin:
    def test_takes_every_step(self, server: MariaDb) -> None:
        done = check(server.spec("muster", SECRET, tls="disable"))

        assert ended(done) == ("ok", None)
        assert [one.step for one in done.steps if one.outcome == "skipped"] == ["tls"]

    def test_says_who_was_met(self, server: MariaDb) -> None:
        found = check(server.spec("muster", SECRET)).found.server

        assert found is not None
        assert (found.engine, found.role, found.read_only) == ("mariadb", "standalone", False)
        assert found.version_text is not None
        assert found.version_text.startswith(f"{found.version}-MariaDB")
        assert (found.our_address, found.session_user) == ("localhost", "muster@%")
        assert found.server_address is not None
        assert found.server_address.endswith(f":{server.port}")
        assert found.clock_uncertainty_ms is not None
        assert found.uptime_s is not None

    def test_is_found_out_when_registered_as_mysql(self, server: MariaDb) -> None:
        done = check(server.spec("muster", SECRET, db_type="mysql"))

        assert done.found.server is not None
        assert done.found.server.engine == "mariadb"

    def test_sends_letters_of_any_language(self, server: MariaDb, account: str) -> None:
        server.run("SET PASSWORD FOR one@'%' = PASSWORD('密码-ключ')")

        assert check(server.spec(account, "密码-ключ")).found.server is not None

    def test_leaves_no_setting_and_no_transaction(self, server: MariaDb) -> None:
        check(server.spec("muster", SECRET))

        changed = ("Com_set_option", "Com_rollback", "Com_begin")
        names = ",".join(f"'{name}'" for name in changed)
        figures = dict(server.run(f"SHOW GLOBAL STATUS WHERE Variable_name IN ({names})"))
        check(server.spec("muster", SECRET))
        after = dict(server.run(f"SHOW GLOBAL STATUS WHERE Variable_name IN ({names})"))
        grown = {name: int(after[name]) - int(figures[name]) for name in changed}
        assert grown["Com_begin"] == grown["Com_rollback"] == 1
        assert grown["Com_set_option"] == 0

    def test_takes_the_database_of_the_login(self, server: MariaDb) -> None:
        assert ended(check(server.spec("muster", SECRET, database_name="mysql"))) == ("ok", None)


class TestARefusedLogin:
    def test_names_our_address_as_the_server_sees_it(self, server: MariaDb) -> None:
        done = check(server.spec("muster", "wrong"))

        assert ended(done) == ("failed", "login.refused")
        detail = step(done, "login").detail
        assert (detail["server_code"], detail["our_address"]) == (1045, "localhost")

    def test_is_told_for_an_unknown_account(self, server: MariaDb) -> None:
        assert ended(check(server.spec("nobody_at_all", SECRET))) == ("failed", "login.refused")

    def test_is_told_for_a_locked_account(self, server: MariaDb, account: str) -> None:
        server.run("ALTER USER one@'%' ACCOUNT LOCK")

        done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.account_locked")
        assert step(done, "login").detail["server_code"] == 4151

    @pytest.mark.parametrize(("disconnects", "number"), [(0, 1820), (1, 1862)])
    def test_is_told_for_an_expired_password(
        self, server: MariaDb, account: str, disconnects: int, number: int
    ) -> None:
        server.run("ALTER USER one@'%' PASSWORD EXPIRE")

        with setting(server, "disconnect_on_expired_password", disconnects):
            done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.password_expired")
        assert step(done, "login").detail["server_code"] == number

    @pytest.mark.parametrize("kind", ["SSL", "X509"])
    def test_does_not_say_that_tls_is_missing(self, server: MariaDb, account: str, kind: str) -> None:
        server.run(f"ALTER USER one@'%' REQUIRE {kind}")

        assert ended(check(server.spec(account, SECRET))) == ("failed", "login.refused")

    def test_is_told_for_an_account_of_the_socket(self, server: MariaDb, account: str) -> None:
        server.run("ALTER USER one@'%' IDENTIFIED VIA unix_socket")

        done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.refused")
        assert step(done, "login").detail["server_code"] == 1698

    def test_names_the_package_that_ed25519_needs(
        self, server: MariaDb, account: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "nacl", None)
        monkeypatch.setattr(_auth, "_nacl_bindings", False)
        server.run(f"ALTER USER one@'%' IDENTIFIED VIA ed25519 USING PASSWORD('{SECRET}')")

        done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "driver.missing")
        assert step(done, "login").detail == {"package": "pynacl"}

    def test_is_told_for_a_failing_init_connect(self, server: MariaDb, account: str) -> None:
        with setting(server, "init_connect", "SELECT no_such_thing"):
            done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.trigger_refused")
        assert step(done, "login").detail["server_code"] == 1184


class TestALimit:
    def test_of_an_account_is_told(self, server: MariaDb, account: str) -> None:
        server.run("ALTER USER one@'%' WITH MAX_USER_CONNECTIONS 1")

        with server.connect(account, SECRET):
            done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.account_limit")
        assert step(done, "login").detail["server_code"] == 1226

    def test_of_an_hour_is_told(self, server: MariaDb, account: str) -> None:
        server.run("ALTER USER one@'%' WITH MAX_CONNECTIONS_PER_HOUR 1")

        done = [check(server.spec(account, SECRET)) for _ in range(2)][-1]

        assert ended(done) == ("failed", "login.account_limit")
        assert step(done, "login").detail["server_code"] == 1226

    def test_of_every_account_is_told(self, server: MariaDb, account: str) -> None:
        with setting(server, "max_user_connections", 1), server.connect(account, SECRET):
            done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "login.account_limit")
        assert step(done, "login").detail["server_code"] == 1203

    def test_of_the_server_is_told_before_it_greets(self, server: MariaDb, account: str) -> None:
        with setting(server, "max_connections", 10), ExitStack() as stack:
            ((busy,),) = server.run("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER <> 'system user'")
            for _ in range(11 - busy):
                stack.enter_context(server.connect("muster", SECRET))
            done = check(server.spec(account, SECRET))

        assert ended(done) == ("failed", "server.too_many_connections")
        assert step(done, "greeting").detail["server_code"] == 1040


class TestADatabase:
    def test_that_does_not_exist_is_told(self, server: MariaDb) -> None:
        done = check(server.spec("muster", SECRET, database_name="no_such"))

        assert ended(done) == ("failed", "database.unknown")

    def test_that_the_account_may_not_enter_is_told(self, server: MariaDb, account: str) -> None:
        done = check(server.spec(account, SECRET, database_name="no_such"))

        assert ended(done) == ("failed", "database.access_denied")


class TestNoCredential:
    def test_is_reachable(self, server: MariaDb) -> None:
        done = check(server.spec(None))

        assert ended(done) == ("reachable", "login.no_credential")
        assert step(done, "login").detail == {"our_address": "localhost"}

    def test_says_when_everybody_is_let_in(self, server: MariaDb) -> None:
        server.run("CREATE USER ''@'%'")

        try:
            done = check(server.spec(None))
        finally:
            server.run("DROP USER ''@'%'")

        assert ended(done) == ("reachable", "login.no_credential")
        assert step(done, "login").detail == {"anonymous": True}


class TestAServerThatStops:
    def test_is_never_told_as_our_fault(self) -> None:
        seen = set()
        with mariadb() as server:
            server.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'", "GRANT ALL ON *.* TO muster@'%'")
            seen.add(ended(check(server.spec("muster", SECRET))))
            server.process.terminate()
            while server.process.poll() is None:
                seen.add(ended(check(server.spec("muster", SECRET))))
            seen.add(ended(check(server.spec("muster", SECRET))))

        assert ("ok", None) in seen
        assert ("failed", "connect.refused") in seen
        told = {cause for _, cause in seen if cause is not None}
        assert told <= {"connect.refused", "connect.closed", "server.shutting_down", "server.connection_lost"}
