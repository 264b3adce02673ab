"""SQL Server Browser (UDP 1434): which port a named instance listens on ([MC-SQLR])."""

import socket

from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.errors import StepFailed

PORT = 1434
_WAIT_MS = 1_000
_ASK_ONE = b"\x04"
_ANSWER = b"\x05"
_HEAD = 3  # kind, length
_BYTES_MOST = 4_096
_PORT_MOST = 65_535


def find_port(address: Address, instance: str, deadline: Deadline) -> int:
    """Return the port of an instance.

    :raises StepFailed: `connect.named_instance`: the browser is silent, or does not know the instance.
    """
    question = _ASK_ONE + instance.encode("ascii", "replace") + b"\x00"
    with socket.socket(address.family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((address.ip, PORT))  # so that only this address can answer
            sock.settimeout(deadline.left_s(_WAIT_MS))
            sock.send(question)
            told = sock.recv(_BYTES_MOST)
        except OSError:
            raise StepFailed("connect.named_instance", detail={"browser": "silent"}) from None
    port = _port(told)
    if port is None:
        raise StepFailed("connect.named_instance", detail={"browser": "does not list the instance"})
    return port


def _port(told: bytes) -> int | None:
    """Read `ServerName;SQL1;InstanceName;PROD;…;tcp;51433;;`."""
    if told[:1] != _ANSWER:
        return None
    words = told[_HEAD:].decode("ascii", "replace").split(";")
    values = dict(zip(words[::2], words[1::2], strict=False))
    port = values.get("tcp", "")
    return int(port) if port.isdecimal() and 0 < int(port) <= _PORT_MOST else None
