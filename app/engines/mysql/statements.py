"""Run one statement after the other, none of them longer than it may take."""

from typing import Any

from app.engines.deadline import Deadline
from app.engines.errors import StepFailed
from app.engines.mysql import greeting, queries
from app.engines.mysql.causes import translating
from app.engines.mysql.wire import Wire

Row = dict[str, Any]
_GRACE_MS = 500  # the server is to end a statement before we end the connection
_HAS_SET_STATEMENT = (10, 1, 2)  # MariaDB
_HAS_REPLICA_WORDS = (8, 0, 22)


class Session:
    """A logged-in connection, inside its read-only transaction.

    No limit is ever set for the session: behind a pool the next one would inherit it. Each statement carries its own.
    """

    def __init__(self, wire: Wire, deadline: Deadline, timeout_ms: int) -> None:
        self.greeted_version = str(wire.server_version)
        self._wire, self._deadline, self._timeout_ms = wire, deadline, timeout_ms
        self.learn(self.greeted_version)

    def learn(self, version: str) -> None:
        """Go on by the version that the server itself tells: a proxy may have greeted with one of its own."""
        self.is_mariadb = greeting.engine_of(version) == "mariadb"
        self.version = greeting.parts_of(version)

    @property
    def has_replica_words(self) -> bool:
        """Tell whether this MySQL says REPLICA and SOURCE where older ones, and MariaDB, say SLAVE and MASTER."""
        return not self.is_mariadb and self.version >= _HAS_REPLICA_WORDS

    @property
    def replication_statement(self) -> str:
        """Return the statement that names the sources of this server."""
        if self.is_mariadb:
            return queries.ALL_SLAVES_STATUS
        return queries.REPLICA_STATUS if self.has_replica_words else queries.SLAVE_STATUS

    def rows(self, statement: str) -> list[Row]:
        """Run a statement; each row has its columns by name.

        :raises StepFailed: the server refuses it, or does not end it in time.
        :raises DeadlinePassed: the time of the check is over.
        """
        self._wire.limit(self._deadline, most_ms=self._timeout_ms + _GRACE_MS)
        limited = self._limited(statement)
        try:
            with translating("query"), self._wire.cursor() as cursor:
                cursor.execute(limited)
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except StepFailed as exc:
            if "server_code" not in exc.detail:  # the answer did not come to its end
                self._wire.drop()
            raise

    @property
    def is_alive(self) -> bool:
        """Tell whether the connection is still there."""
        return bool(self._wire.open)

    def find(self, statement: str) -> tuple[list[Row] | None, StepFailed | None]:
        """Run a statement that may be refused for want of a right: the rows, or the refusal.

        :raises StepFailed: it fails for another reason.
        """
        try:
            return self.rows(statement), None
        except StepFailed as exc:
            if exc.cause != "privilege.missing":
                raise
            return None, exc

    def _limited(self, statement: str) -> str:
        if self.is_mariadb and self.version >= _HAS_SET_STATEMENT:
            return f"SET STATEMENT max_statement_time={self._timeout_ms / 1000:g} FOR {statement}"
        if not self.is_mariadb and statement.startswith("SELECT "):
            return statement.replace("SELECT ", f"SELECT /*+ MAX_EXECUTION_TIME({self._timeout_ms}) */ ", 1)
        return statement
