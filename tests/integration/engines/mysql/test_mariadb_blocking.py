"""What a real MariaDB server counts against whoever looks at it: checks must shut out neither a host nor an account."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.engine_suite.suite import SECRET, check
from tests.support.certificates import Authority
from tests.support.databases.mariadb_server import OTHER_ADDRESS, MariaDb, ended, from_other_address, mariadb, step

MOST = 3  # errors that block


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def running(authority: Authority) -> Iterator[MariaDb]:
    with mariadb(
        f"--max-connect-errors={MOST}",
        f"--max-password-errors={MOST}",
        "--performance-schema=ON",
        "--plugin-load-add=auth_ed25519",
        tls=(*authority.issue(["127.0.0.1"]), authority.pem),
    ) as server:
        yield server


@pytest.fixture
def strict(running: MariaDb) -> Iterator[MariaDb]:
    """A server with one account, which has forgotten what was before."""
    running.run("FLUSH HOSTS", f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'", "GRANT ALL ON *.* TO muster@'%'")
    yield running
    running.run("DROP USER muster@'%'")


@pytest.fixture
def port(strict: MariaDb) -> Iterator[int]:
    with from_other_address(strict.port) as port:
        yield port


def errors(server: MariaDb) -> int:
    """Return what the server has counted against the address that the tests come from."""
    rows = server.run(f"SELECT SUM_CONNECT_ERRORS FROM performance_schema.host_cache WHERE IP = '{OTHER_ADDRESS}'")
    return int(rows[0][0]) if rows else 0


def counted(server: MariaDb, number: int) -> bool:
    """Wait until the server has counted so many: it does so after the connection has ended."""
    ends = time.monotonic() + 5
    while errors(server) != number and time.monotonic() < ends:
        time.sleep(0.01)
    return errors(server) == number


def break_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.recv(64)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(64):
            pass


class TestTheServer:
    def test_counts_a_connection_that_is_just_closed(self, strict: MariaDb, port: int) -> None:
        check(strict.spec("muster", SECRET, port=port))

        break_off(port)

        assert counted(strict, 1)

    def test_blocks_a_host_and_says_so(self, strict: MariaDb, port: int) -> None:
        for _ in range(MOST + 1):
            break_off(port)

        done = check(strict.spec("muster", SECRET, port=port))

        assert ended(done) == ("failed", "access.host_blocked")
        assert step(done, "greeting").detail["our_address"] == OTHER_ADDRESS
        assert step(done, "greeting").detail["server_code"] == 1129

    def test_knows_hosts_without_any_account(self, strict: MariaDb, port: int) -> None:
        strict.run("DROP USER muster@'%'", "CREATE USER muster@'10.0.0.1'", "FLUSH PRIVILEGES")

        try:
            done = check(strict.spec("muster", SECRET, port=port))
        finally:
            strict.run("DROP USER muster@'10.0.0.1'", "CREATE USER muster@'%'")

        assert ended(done) == ("failed", "access.host_not_allowed")
        assert step(done, "greeting").detail["our_address"] == OTHER_ADDRESS

    def test_blocks_an_account_and_says_so(self, strict: MariaDb) -> None:
        causes = [check(strict.spec("muster", "stale")).verdict.cause for _ in range(MOST)]

        done = check(strict.spec("muster", SECRET))

        assert causes == ["login.refused"] * MOST
        assert ended(done) == ("failed", "login.blocked_after_failures")
        assert step(done, "login").detail["server_code"] == 4150


class TestACheckWithoutALogin:
    @pytest.mark.parametrize("mode", ["disable", "require"])
    def test_is_never_counted(self, strict: MariaDb, port: int, mode: str) -> None:
        check(strict.spec("muster", SECRET, port=port))

        done = [check(strict.spec(None, port=port, tls=mode)) for _ in range(10 * MOST)]

        assert {ended(one) for one in done} == {("reachable", "login.no_credential")}
        assert errors(strict) == 0

    def test_is_not_counted_whatever_method_the_server_asks_for(self, strict: MariaDb, port: int) -> None:
        """For an unknown account the server asks as it would for one of its others, taken by the name."""
        methods = ("ed25519 USING PASSWORD('x')", "unix_socket", "mysql_native_password USING PASSWORD('x')")
        others = [f"other{number}@'%'" for number in range(30)]
        strict.run(*(f"CREATE USER {name} IDENTIFIED VIA {methods[n % 3]}" for n, name in enumerate(others)))
        check(strict.spec("muster", SECRET, port=port))

        try:
            done = [check(strict.spec(None, port=port)) for _ in range(30)]
        finally:
            strict.run(f"DROP USER {', '.join(others)}")

        assert {ended(one) for one in done} == {("reachable", "login.no_credential")}
        assert errors(strict) == 0

    def test_leaves_the_accounts_as_they_are(self, strict: MariaDb) -> None:
        for _ in range(2 * MOST):
            check(strict.spec(None))

        assert ended(check(strict.spec("muster", SECRET)))[0] != "failed"


class TestAStalePassword:
    def test_shuts_out_neither_host_nor_account(self, strict: MariaDb, port: int) -> None:
        """Twenty checks in a row, suspended after two refusals as whoever runs them has to do."""
        refused = [check(strict.spec("muster", "stale", port=port)) for _ in range(2)]
        rest = [check(strict.spec("muster", "stale", port=port, suspended=True)) for _ in range(18)]

        assert {ended(one) for one in refused} == {("failed", "login.refused")}
        assert {ended(one) for one in rest} == {("failed", "login.suspended")}
        assert {step(one, "connect").outcome for one in rest} == {"skipped"}
        assert errors(strict) == 0
        assert ended(check(strict.spec("muster", SECRET, port=port)))[0] != "failed"

    def test_is_not_counted_against_the_host(self, strict: MariaDb, port: int) -> None:
        strict.run("SET GLOBAL max_password_errors = 1000")

        try:
            for _ in range(3 * MOST):
                check(strict.spec("muster", "stale", port=port))
            assert errors(strict) == 0
        finally:
            strict.run(f"SET GLOBAL max_password_errors = {MOST}")


class TestARefusedCertificate:
    def test_is_counted_so_that_it_must_suspend_as_well(self, strict: MariaDb, port: int) -> None:
        check(strict.spec("muster", SECRET, port=port))

        done = check(strict.spec("muster", SECRET, port=port, tls="verify-full"))

        assert ended(done) == ("failed", "tls.unknown_ca")
        assert counted(strict, 1)

    def test_is_forgotten_after_one_good_login(self, strict: MariaDb, port: int) -> None:
        check(strict.spec("muster", SECRET, port=port))
        check(strict.spec("muster", SECRET, port=port, tls="verify-full"))
        assert counted(strict, 1)

        check(strict.spec("muster", SECRET, port=port))

        assert counted(strict, 0)


class TestAServerWithoutTls:
    def test_does_not_count_that_we_wanted_it(self) -> None:
        with mariadb("--max-connect-errors=1") as plain, from_other_address(plain.port) as port:
            plain.run(f"CREATE USER muster@'%' IDENTIFIED BY '{SECRET}'")

            done = [check(plain.spec("muster", SECRET, port=port, tls="require")) for _ in range(5)]

            assert {ended(one) for one in done} == {("failed", "tls.not_offered")}
            assert step(check(plain.spec("muster", SECRET, port=port)), "login").outcome == "ok"
