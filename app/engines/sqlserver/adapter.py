"""The flow of a check against SQL Server: one socket from TCP to the last statement."""

from collections.abc import Sequence
from contextlib import ExitStack

from app.engines import tls
from app.engines.base import Address, ConnectionSpec
from app.engines.capability import table
from app.engines.ladder import Ladder
from app.engines.sqlserver.asking import ask_rights, ask_server
from app.engines.sqlserver.connecting import connect
from app.engines.sqlserver.greeting import demands_encryption, greet, may_encrypt
from app.engines.sqlserver.login import log_in
from app.engines.sqlserver.prelogin import Prelogin
from app.engines.sqlserver.wire import Wire


class SqlServerEngine:
    """The engine; see `app.engines.base.Engine`."""

    db_types: Sequence[str] = ("sqlserver",)
    default_port = 1433
    capabilities = table(
        # There is no id that copies share, no read-only session, and no time limit for statements in the server.
        unsupported=frozenset({"lineage", "read_only_transaction", "statement_timeout"}),
    )
    counts_broken_connections = False

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        """Take the steps from `connect` on.

        :raises StepFailed: out of a step of the ladder, which has told it already.
        :raises DeadlinePassed: the time is over.
        """
        with ExitStack() as open_sockets:
            sock, address = connect(spec, addresses, ladder)
            open_sockets.enter_context(sock)
            open_sockets.enter_context(ladder.deadline.closing(sock.fileno()))
            wire = Wire(sock, ladder.deadline)
            told = _greet(wire, spec, address, ladder)
            _encrypt(wire, spec, told, ladder)
            session = log_in(wire, spec, ladder, open_sockets)
            if session is None:
                return
            ask_server(session, spec, ladder)
            ask_rights(session, ladder)


def _greet(wire: Wire, spec: ConnectionSpec, address: Address, ladder: Ladder) -> Prelogin:
    with ladder.step("greeting") as step:
        told = greet(wire, spec, address, ladder)
        step.detail.update(version=told.version, encryption=told.encryption.name.lower())
        if spec.instance_name is not None and not told.instance_matches:
            step.warning = "connect.named_instance"
        return told


def _encrypt(wire: Wire, spec: ConnectionSpec, told: Prelogin, ladder: Ladder) -> None:
    if spec.tls.mode == "disable" and not demands_encryption(told):
        ladder.skip("tls", "tls.plaintext")
        return
    with ladder.step("tls") as step:
        if not may_encrypt(spec, told):
            step.warning = "tls.plaintext"
            return
        fact = wire.encrypt(spec.tls, spec.host)
        ladder.found.tls = fact
        tls.note(step, fact)
