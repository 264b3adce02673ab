"""Which cause each error of PostgreSQL and PgBouncer is, by texts as servers have sent them, in English and Chinese."""

import pytest

from app.engines.errors import CAUSES
from app.engines.postgresql.causes import LoginState, of_login, of_query
from app.engines.postgresql.wire import ServerError

PLAIN = LoginState(username="monitor", tls_offered=True, method="none")
NO_TLS = LoginState(username="monitor", method="none")
ENCRYPTED = LoginState(username="monitor", encrypted=True, tls_offered=True)
WITH_CERT = LoginState(username="monitor", encrypted=True, tls_offered=True, client_cert=True)
ASKED = LoginState(username="monitor", tls_offered=True, method="scram-sha-256")
CLEAR = LoginState(username="monitor", encrypted=True, tls_offered=True, method="password")
IN = LoginState(username="monitor", method="scram-sha-256", is_authenticated=True)

HBA = 'no pg_hba.conf entry for host "10.1.2.3", user "monitor", database "postgres", no encryption'
HBA_ZH = '没有用于主机 "10.1.2.3", 用户 "monitor", 数据库 "postgres", no encryption 的 pg_hba.conf 记录'
REJECT = 'pg_hba.conf rejects connection for host "fd00::7", user "monitor", database "postgres", SSL encryption'
REJECT_ZH = 'pg_hba.conf 记录拒绝来自主机"fd00::7", 用户"monitor", 数据库"postgres", SSL encryption的复制连接'

# SQLSTATE, routine, text, how far the login had come, cause
LOGINS = [
    ("28P01", "auth_failed", 'password authentication failed for user "monitor"', ASKED, "login.refused"),
    ("28P01", "auth_failed", '用户 "monitor" Password 认证失败', ASKED, "login.refused"),
    ("28000", "ClientAuthentication", HBA, NO_TLS, "access.host_not_allowed"),
    ("28000", "ClientAuthentication", HBA, PLAIN, "tls.required"),
    ("28000", "ClientAuthentication", HBA_ZH, PLAIN, "tls.required"),
    ("28000", "ClientAuthentication", REJECT, ENCRYPTED, "access.host_not_allowed"),
    ("28000", "ClientAuthentication", REJECT_ZH, ENCRYPTED, "access.host_not_allowed"),
    (
        "28000",
        "ClientAuthentication",
        "connection requires a valid client certificate",
        ENCRYPTED,
        "tls.client_cert_required",
    ),
    ("28000", "ClientAuthentication", "连接中需要一个有效的客户端认证", ENCRYPTED, "tls.client_cert_required"),
    (
        "28000",
        "InitializeSessionUserId",
        'role "monitor" is not permitted to log in',
        ASKED,
        "login.account_disabled",
    ),
    ("28000", "InitializeSessionUserId", '不允许角色"monitor" 进行登录', ASKED, "login.account_disabled"),
    ("28000", "InitializeSessionUserId", '不允许角色"monitor" 进行登录', PLAIN, "login.account_disabled"),
    ("28000", "InitializeSessionUserId", 'role "monitor" does not exist', PLAIN, "login.refused"),
    ("28000", "InitializeSessionUserId", '角色 "monitor" 不存在', PLAIN, "login.refused"),
    ("28000", "auth_failed", 'Ident authentication failed for user "monitor"', PLAIN, "login.method_unsupported"),
    ("28000", "auth_failed", 'GSSAPI authentication failed for user "monitor"', PLAIN, "login.method_unsupported"),
    ("28000", "auth_failed", 'LDAP authentication failed for user "monitor"', CLEAR, "login.refused"),
    (
        "28000",
        "auth_failed",
        'certificate authentication failed for user "monitor"',
        WITH_CERT,
        "tls.client_cert_refused",
    ),
    ("28000", "somewhere_else", "unheard of", ASKED, "login.other"),
    ("53300", "InitializeSessionUserId", 'too many connections for role "monitor"', ASKED, "login.account_limit"),
    ("53300", "InitializeSessionUserId", '由角色"monitor"发起的连接太多了', ASKED, "login.account_limit"),
    ("53300", "ProcessStartupPacket", "sorry, too many clients already", PLAIN, "server.too_many_connections"),
    ("53300", "ProcessStartupPacket", "对不起, 已经有太多的客户", PLAIN, "server.too_many_connections"),
    ("53300", "CheckMyDatabase", 'too many connections for database "x"', IN, "server.too_many_connections"),
    (
        "53300",
        "InitPostgres",
        "remaining connection slots are reserved for non-replication superuser connections",
        IN,
        "server.too_many_connections",
    ),
    ("3D000", "InitPostgres", 'database "x" does not exist', IN, "database.unknown"),
    ("3D000", "InitPostgres", '数据库 "x" 不存在', IN, "database.unknown"),
    ("42501", "CheckMyDatabase", 'permission denied for database "x"', IN, "database.access_denied"),
    (
        "42501",
        "InitPostgres",
        "must be superuser to connect in binary upgrade mode",
        IN,
        "server.restricted",
    ),
    ("42501", "elsewhere", "unheard of", IN, "login.other"),
    ("55000", "CheckMyDatabase", 'database "x" is not currently accepting connections', IN, "database.not_open"),
    ("57P03", "ProcessStartupPacket", "the database system is starting up", PLAIN, "server.starting"),
    ("57P03", "ProcessStartupPacket", "数据库系统启动中", PLAIN, "server.starting"),
    ("57P03", "ProcessStartupPacket", "das Datenbanksystem startet", PLAIN, "server.starting"),
    ("57P03", "ProcessStartupPacket", "the database system is shutting down", PLAIN, "server.shutting_down"),
    ("57P03", "ProcessStartupPacket", "数据库系统停止中", PLAIN, "server.shutting_down"),
    ("57P03", "ProcessStartupPacket", "the database system is in recovery mode", PLAIN, "server.recovering"),
    ("57P03", "ProcessStartupPacket", "数据库系统在恢复模式中", PLAIN, "server.recovering"),
    (
        "57P03",
        "ProcessStartupPacket",
        "the database system is not yet accepting connections",
        PLAIN,
        "server.recovering",
    ),
    ("57P01", "ProcessInterrupts", "terminating connection", IN, "server.shutting_down"),
    ("0A000", "ProcessStartupPacket", "unsupported frontend protocol 3.0", PLAIN, "driver.server_unsupported"),
    ("53100", "x", "No space left on device", IN, "server.storage_full"),
    ("53200", "x", "out of memory", IN, "server.out_of_memory"),
    ("P0001", "exec_stmt_raise", "not at night", IN, "login.trigger_refused"),
    ("P0001", "exec_stmt_raise", "not at night", ASKED, "login.other"),
    ("XX000", "x", "unheard of", PLAIN, "login.other"),
    ("08P01", "x", "invalid startup packet", PLAIN, "login.other"),
    # PgBouncer, which sends no routine
    ("08P01", None, "password authentication failed", ASKED, "login.refused"),
    ("08P01", None, "SASL authentication failed", ASKED, "login.refused"),
    ("28P01", None, "password authentication failed", ASKED, "login.refused"),
    ("08P01", None, "no such user: monitor", ASKED, "login.refused"),
    ("08P01", None, "no such database: x", ASKED, "database.unknown"),
    ("08P01", None, 'database "x" does not exist', ASKED, "database.unknown"),
    ("08P01", None, "no more connections allowed (max_client_conn)", ASKED, "server.too_many_connections"),
    ("08P01", None, "SSL required", ASKED, "tls.required"),
    ("08P01", None, "pgbouncer cannot connect to server", ASKED, "server.instance_down"),
    (
        "08P01",
        None,
        "server login has been failing, try again later (server_login_retry)",
        ASKED,
        "server.instance_down",
    ),
    ("08P01", None, "query_wait_timeout", ASKED, "server.instance_down"),
    ("08P01", None, "unsupported startup parameter: options", ASKED, "proxy.error"),
]


class TestALoginThatIsRefused:
    @pytest.mark.parametrize(("code", "routine", "text", "state", "cause"), LOGINS)
    def test_has_one_cause(self, code, routine, text, state, cause):
        failed = of_login(ServerError(code=code, routine=routine, message=text), state)

        assert failed.cause == cause
        assert failed.cause in CAUSES
        assert failed.detail["server_code"] == code
        assert failed.detail["server_text"] == text

    @pytest.mark.parametrize("detail", ["Hot standby mode is disabled.", "热备份模式已禁用。"])
    def test_by_a_closed_standby_is_told_by_the_detail(self, detail):
        error = ServerError(code="57P03", message="the database system is not accepting connections", detail=detail)

        failed = of_login(error, PLAIN)

        assert failed.cause == "server.standby_closed"
        assert failed.detail["server_text"].endswith(f"({detail})")

    @pytest.mark.parametrize(
        ("text", "address"), [(HBA, "10.1.2.3"), (HBA_ZH, "10.1.2.3"), (REJECT, "fd00::7"), (REJECT_ZH, "fd00::7")]
    )
    def test_tells_our_address_as_the_server_saw_it(self, text, address):
        failed = of_login(ServerError(code="28000", routine="ClientAuthentication", message=text), PLAIN)

        assert failed.detail["our_address"] == address

    def test_without_a_code_is_other(self):
        assert of_login(ServerError(message="?"), PLAIN).cause == "login.other"


QUERIES = [
    ("42501", "privilege.missing"),
    ("55P03", "query.lock_timeout"),
    ("57P01", "server.connection_lost"),
    ("57P02", "server.connection_lost"),
    ("57P05", "server.connection_lost"),
    ("08006", "server.connection_lost"),
    ("08P01", "proxy.error"),
    ("53100", "server.storage_full"),
    ("53200", "server.out_of_memory"),
    ("53300", "server.too_many_connections"),
    ("42883", "query.other"),
    ("", "query.other"),
]


class TestAStatementThatFails:
    @pytest.mark.parametrize(("code", "cause"), QUERIES)
    def test_has_one_cause(self, code, cause):
        assert of_query(ServerError(code=code, message="words")).cause == cause

    @pytest.mark.parametrize(("took_ms", "cause"), [(5_001, "query.timeout"), (40, "query.cancelled")])
    def test_by_cancellation_is_a_timeout_when_it_came_late(self, took_ms, cause):
        error = ServerError(code="57014", routine="ProcessInterrupts", message="由于语句执行超时，正在取消查询命令")

        assert of_query(error, took_ms=took_ms, limit_ms=5_000).cause == cause
