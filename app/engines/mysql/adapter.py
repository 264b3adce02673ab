"""The flow of a check: one connection from the dialling to the last statement."""

from collections.abc import Sequence
from contextlib import closing, suppress

from app.engines import dialing, tls
from app.engines.base import Address, ConnectionSpec
from app.engines.capability import Capabilities, table
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.mysql import identify, privileges
from app.engines.mysql.causes import translating
from app.engines.mysql.statements import Session
from app.engines.mysql.wire import Wire


class MySqlEngine:
    """MySQL and MariaDB, whichever of the two it turns out to be."""

    db_types: Sequence[str] = ("mysql", "mariadb")
    default_port = 3306
    capabilities: Capabilities = table()
    # `max_connect_errors`: every connection that ends before its login is decided counts, and at 100 (the default)
    # the server shuts out everybody on our host.
    counts_broken_connections = True

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        """Take the steps from `connect` on; a suspended login is not even dialled, for the reason above.

        :raises StepFailed: out of a step of the ladder, which has told it already.
        :raises DeadlinePassed: the time is over.
        """
        if spec.suspended:
            ladder.skip("connect", "login.suspended")
            return
        _check_options(spec, ladder)
        sock = dialing.connect(spec, addresses, ladder)
        with closing(sock), ladder.deadline.closing(sock.fileno()):
            answered = next(one for one in addresses if one.ip == ladder.found.address)
            wire = Wire(spec, answered, ladder)
            wire.connect(sock)
            try:
                if spec.login is not None:
                    _ask(Session(wire, ladder.deadline, spec.statement_timeout_ms), ladder)
            finally:
                _end(wire, ladder)


def _check_options(spec: ConnectionSpec, ladder: Ladder) -> None:
    """Read the certificates of the options before anything is dialled: a handshake given up half way is counted."""
    if spec.tls.mode == "disable":
        return
    try:
        tls.context_of(spec.tls)
    except StepFailed as exc:
        with ladder.step("connect"):
            raise exc from None


def _ask(session: Session, ladder: Ladder) -> None:
    with ladder.step("identify") as step, translating("query"):
        ladder.found.server = identify.server(session, step)
    if not session.is_alive:
        return
    with ladder.step("privileges") as step, translating("query"):
        ladder.found.privileges = privileges.facts(session)
        privileges.judge(step, ladder.found.privileges)


def _end(wire: Wire, ladder: Ladder) -> None:
    """Leave nothing open: behind a pool the server's connection goes on without us."""
    if not wire.open:
        return
    with suppress(StepFailed, DeadlinePassed), translating("query"):
        if wire.in_transaction and not ladder.deadline.is_over:
            wire.limit(ladder.deadline, most_ms=1_000)
            wire.rollback()
    if wire.open:
        wire.close()
