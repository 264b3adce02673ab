"""The first exchange with a server, and what follows from it for encryption."""

from app.engines import probing
from app.engines.base import Address, ConnectionSpec
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder
from app.engines.sqlserver import strict
from app.engines.sqlserver.prelogin import Encryption, NotTds, Prelogin
from app.engines.sqlserver.wire import Wire


def greet(wire: Wire, spec: ConnectionSpec, address: Address, ladder: Ladder) -> Prelogin:
    """Exchange PRELOGIN.

    :raises StepFailed: no SQL Server answers, or one that wants only TDS 8.
    """
    wanted = Encryption.NOT_SUPPORTED if spec.tls.mode == "disable" else Encryption.ON
    wire.allow(spec.connect_timeout_ms, "greeting.silent", closed="connect.closed")
    try:
        told = wire.greet(wanted, spec.instance_name)
    except NotTds as exc:
        raise probing.failure(probing.recognise(exc.begun), exc.begun) from None
    except StepFailed as exc:
        raise _what_answers(exc, spec, address, ladder) from None
    wire.allow(None, None, closed="connect.closed")
    return told


def _what_answers(failed: StepFailed, spec: ConnectionSpec, address: Address, ladder: Ladder) -> StepFailed:
    """Ask who it is that is silent, or hangs up, when a SQL Server is greeted; PostgreSQL and strict servers do."""
    if failed.cause not in {"greeting.silent", "connect.closed"}:
        return failed
    try:
        if failed.cause == "connect.closed" and strict.is_strict(address, spec.port, ladder.deadline):
            return StepFailed("driver.server_unsupported", detail={"wants": "TDS 8.0 (strict encryption)"})
        found = probing.find_speaker(address, spec.port, ladder.deadline, known_not={"sqlserver"})
    except DeadlinePassed:
        return failed  # what is known is known, whatever the time says
    return failed if found is None else probing.failure(found)


def demands_encryption(told: Prelogin) -> bool:
    """Tell whether the server encrypts all that follows."""
    return told.encryption in {Encryption.ON, Encryption.REQUIRED}


def may_encrypt(spec: ConnectionSpec, told: Prelogin) -> bool:
    """Tell whether the connection is going to be encrypted.

    :raises StepFailed: one side demands what the other does not do.
    """
    if spec.tls.mode == "disable":
        if demands_encryption(told):
            raise StepFailed("tls.required")
        return False
    if not demands_encryption(told) and spec.tls.mode != "prefer":
        raise StepFailed("tls.not_offered")
    return demands_encryption(told)
