"""The first exchange with a server, and what follows from it for encryption."""

from app.engines.base import Address, ConnectionSpec
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder
from app.engines.sqlserver import foreign
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
        raise foreign.failure(exc.begun) from None
    except StepFailed as exc:
        if exc.cause == "connect.closed" and foreign.is_strict(
            address, spec.port, ladder.deadline, timeout_ms=spec.connect_timeout_ms
        ):
            raise StepFailed("driver.server_unsupported", detail={"wants": "TDS 8.0 (strict encryption)"}) from None
        raise
    wire.allow(None, None, closed="connect.closed")
    return told


def may_encrypt(spec: ConnectionSpec, told: Prelogin) -> bool:
    """Tell whether the connection is going to be encrypted.

    :raises StepFailed: one side demands what the other does not do.
    """
    offered = told.encryption in {Encryption.ON, Encryption.REQUIRED}
    if spec.tls.mode == "disable":
        if offered:
            raise StepFailed("tls.required")
        return False
    if not offered and spec.tls.mode != "prefer":
        raise StepFailed("tls.not_offered")
    return offered
