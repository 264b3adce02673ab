"""What the server says of itself, and of what the account may see."""

import socket

from app.engines.base import TlsOptions
from tests.engine_suite.suite import check
from tests.support.certificates import Authority
from tests.support.databases.sqlserver_checks import Start, spec_of, step
from tests.support.databases.tds_documented import GROUPS, IDENTIFY, RIGHTS, TEMPDB, UPTIME, documented
from tests.support.databases.tds_tokens import Error


class TestIdentify:
    def test_knows_a_mixed_role(self, start: Start) -> None:
        groups = [
            {"group_id": "A1", "group_name": "ag1", "role": "PRIMARY", "cluster_name": "WSFC1"},
            {"group_id": "A2", "group_name": "ag2", "role": "SECONDARY", "cluster_name": "WSFC1"},
        ]
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: groups})

        found = check(spec_of(server)).found.server

        assert found is not None
        assert (found.role, found.role_detail) == ("mixed", "ag1 PRIMARY, ag2 SECONDARY")
        assert found.cluster_name == "WSFC1"

    def test_asks_tempdb_for_the_uptime_where_it_may_not_ask_the_system(self, start: Start) -> None:
        rows = {**documented(), UPTIME: Error(300, text="VIEW SERVER STATE permission was denied")}
        server = start(rows=rows)

        done = check(spec_of(server))

        assert step(done, "identify").outcome == "ok"
        assert done.found.server is not None
        assert done.found.server.uptime_s == 3600

    def test_knows_no_role_where_it_may_not_ask(self, start: Start) -> None:
        server = start(rows={**documented(is_hadr_enabled=1), GROUPS: Error(300)})

        found = check(spec_of(server)).found.server

        assert found is not None
        assert found.role == "unknown"

    def test_needs_no_right_at_all(self, start: Start) -> None:
        denied = Error(297, text="The user does not have permission to perform this action.")
        server = start(rows={**documented(), UPTIME: denied, TEMPDB: []})

        done = check(spec_of(server))

        assert done.found.server is not None
        assert done.found.server.uptime_s is None
        assert done.found.server.identity is not None
        assert done.found.server.identity.started_at is None

    def test_fails_softly(self, start: Start) -> None:
        server = start(rows={**documented(), IDENTIFY: Error(1222, text="Lock request time out period exceeded.")})

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "query.lock_timeout")
        assert step(done, "privileges").outcome == "ok"

    def test_leaves_privileges_out_when_an_answer_is_still_due(self, start: Start) -> None:
        server = start(on_batch=lambda talk, _: talk.read_all())

        done = check(spec_of(server, statement_timeout_ms=200))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "query.timeout")
        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("skipped", "query.timeout")

    def test_tells_a_connection_that_the_server_ends(self, start: Start) -> None:
        server = start(on_batch=lambda talk, _: talk.sock.shutdown(socket.SHUT_RDWR))

        done = check(spec_of(server))

        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "server.connection_lost")


class TestPrivileges:
    def test_are_all_there(self, start: Start) -> None:
        done = check(spec_of(start()))

        assert step(done, "privileges").outcome == "ok"
        assert {one.need for one in done.found.privileges} == {
            "identify", "replication", "accounts", "object_privileges", "sizes",
        }  # fmt: skip

    def test_that_are_missing_are_named_with_the_statements_that_give_them(self, start: Start) -> None:
        server = start(rows=documented(**{"VIEW SERVER STATE": 0, "CONNECT ANY DATABASE": 0, "closed_databases": 2}))

        done = check(spec_of(server))

        failed = step(done, "privileges")
        assert (failed.outcome, failed.cause) == ("failed", "privilege.missing")
        assert failed.detail["missing"] == ["VIEW SERVER STATE", "CONNECT ANY DATABASE"]
        assert failed.detail["grant"] == (
            "USE master;\nGRANT VIEW SERVER STATE TO [muster];\nGRANT CONNECT ANY DATABASE TO [muster];"
        )
        assert done.verdict.outcome == "degraded"

    def test_that_show_less_are_told(self, start: Start, authority: Authority) -> None:
        server = start(rows=documented(**{"CONNECT ANY DATABASE": None, "closed_databases": 2}))

        done = check(spec_of(server, tls=TlsOptions(mode="verify-full", ca=authority.pem)))

        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("ok", "privilege.filtered")
        assert (done.verdict.outcome, done.verdict.cause) == ("degraded", "privilege.filtered")

    def test_of_azure_sql_database_are_those_of_the_database(self, start: Start) -> None:
        rows = documented(**{"engine_edition": 5, "VIEW DATABASE STATE": 0, "VIEW SERVER STATE": None})
        server = start(rows=rows)

        assert step(check(spec_of(server)), "privileges").detail["grant"] == "GRANT VIEW DATABASE STATE TO [muster];"

    def test_cannot_be_asked(self, start: Start) -> None:
        server = start(rows={**documented(), RIGHTS: Error(208, text="Invalid object name")})

        done = check(spec_of(server))

        assert (step(done, "privileges").outcome, step(done, "privileges").cause) == ("failed", "query.other")
