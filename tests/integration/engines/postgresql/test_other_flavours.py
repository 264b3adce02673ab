"""Servers that only look like PostgreSQL: what they do not know is left out, and the rest is told."""

from tests.support.checking import check
from tests.support.databases import fake_postgresql as fake
from tests.support.databases import peers

CLOCK = b"2026-11-18T11:06:41.250000"
SERVER = (b"CockroachDB CCL v23.1.11 (x86_64)", b"13.0.0", b"monitor", b"1", b"10.0.0.9", b"10.0.0.5", b"26257", CLOCK)


def checked(*answers: bytes):
    with peers.peer(fake.speaks(fake.WELCOME, *answers)) as here:
        return check("postgresql", here.port, username="monitor", password="secret", deadline_ms=1_500), here


class TestAServerOfAnotherFlavour:
    def test_that_knows_half_of_it_is_told_as_far_as_it_tells(self):
        told, here = checked(
            fake.failed("42704"),  # a setting that it does not have
            fake.BEGUN,
            fake.rows(*SERVER),
            fake.failed("42883"),  # functions that it does not have
            fake.failed("42P01"),
            fake.failed("42703"),
            fake.ENDED,
        )

        assert (told.outcome, told.cause) == ("degraded", "query.other")
        assert (told.server.flavour, told.server.version, told.server.role) == ("CockroachDB", "23.1.11", "unknown")
        assert told.server.identity is None
        assert told.steps["identify"].detail["not_told"] == ["state", "identity"]
        assert told.steps["privileges"].detail["server_code"] == "42703"
        assert bytes(here.received).count(b"ROLLBACK; BEGIN READ ONLY") == 3

    def test_that_begins_nothing_is_asked_nothing(self):
        told, _ = checked(fake.failed("XX000"), fake.failed("25P02"), fake.ENDED)

        assert told.steps["identify"].cause == "query.other"
        assert told.server is None
        assert told.outcome == "degraded"

    def test_that_fails_in_the_middle_keeps_what_it_has_told_to_itself(self):
        told, _ = checked(fake.BEGUN, fake.rows(*SERVER), fake.failed("57P01"), fake.failed("25P02"), fake.ENDED)

        assert told.steps["identify"].cause == "server.connection_lost"
        assert told.server is None

    def test_that_answers_too_few_columns_fails_the_step(self):
        told, _ = checked(fake.BEGUN, fake.rows(b"PostgreSQL 15"), fake.BEGUN, fake.BEGUN)

        assert told.steps["identify"].cause == "query.other"

    def test_that_answers_no_row_fails_the_step(self):
        told, _ = checked(fake.BEGUN, fake.BEGUN, fake.BEGUN, fake.BEGUN)

        assert told.steps["identify"].cause == "query.other"
