"""The statements: they read, and leave the session as it was."""

import re

import pytest

from app.engines.sqlserver import queries

WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|GRANT|USE|EXEC|SET)\b", re.IGNORECASE)


class TestEveryStatement:
    @pytest.mark.parametrize("statement", queries.ALL.values(), ids=queries.ALL)
    def test_only_reads(self, statement: str) -> None:
        assert statement.startswith("SELECT ")
        assert not WRITES.search(re.sub(r"'[^']*'", "", statement))
        assert ";" not in statement

    @pytest.mark.parametrize("statement", queries.ALL.values(), ids=queries.ALL)
    def test_runs_where_a_setting_ends_with_it(self, statement: str) -> None:
        batch = queries.bounded(statement)

        quoted = re.fullmatch(r"EXEC sys\.sp_executesql N'(.*)'", batch, re.DOTALL)
        assert quoted is not None
        assert "'" not in quoted[1].replace("''", "")
        assert quoted[1].replace("''", "'") == f"SET LOCK_TIMEOUT 2000; {statement}"

    @pytest.mark.parametrize("statement", queries.ALL.values(), ids=queries.ALL)
    def test_has_no_mark_that_the_driver_would_fill_in(self, statement: str) -> None:
        assert "%" not in statement
