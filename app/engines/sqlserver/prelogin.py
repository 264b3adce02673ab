"""The first words of TDS 7: packets, and PRELOGIN, by which both sides say whether they encrypt. Bytes only."""

import struct
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct(">BBHHBB")  # type, status, length with the header, process, number, window
PACKET_MOST = 32_767  # of [MS-TDS] 2.2.3.1
END_OF_MESSAGE = 0x01


class PacketType(IntEnum):
    """Kinds of TDS messages."""

    BATCH = 0x01
    ANSWER = 0x04
    LOGIN = 0x10
    PRELOGIN = 0x12


class Encryption(IntEnum):
    """What one side says of encryption."""

    OFF = 0  # only the login is encrypted
    ON = 1
    NOT_SUPPORTED = 2
    REQUIRED = 3


class NotTds(ValueError):
    """These bytes are no TDS; `begun` holds the first of them."""

    def __init__(self, begun: bytes) -> None:
        super().__init__("no TDS")
        self.begun = begun


_VERSION, _ENCRYPTION, _INSTANCE, _THREAD, _MARS = range(5)
_END = 0xFF
_OPTION = struct.Struct(">BHH")


@dataclass(frozen=True, slots=True)
class Prelogin:
    """What the server's PRELOGIN says: the version of the server, and how it encrypts."""

    version: str | None
    encryption: Encryption
    instance_matches: bool


def packet(kind: PacketType, payload: bytes) -> bytes:
    """Return a message of one packet."""
    return HEADER.pack(kind, END_OF_MESSAGE, HEADER.size + len(payload), 0, 1, 0) + payload


def question(encryption: Encryption, instance: str | None) -> bytes:
    """Return the PRELOGIN that a client begins with; the server compares the name of the instance."""
    return packet(
        PacketType.PRELOGIN,
        _options(
            {
                _VERSION: bytes(6),
                _ENCRYPTION: bytes([encryption]),
                _INSTANCE: (instance or "").encode("ascii", "replace") + b"\x00",
                _THREAD: bytes(4),
                _MARS: b"\x00",
            }
        ),
    )


def answer(encryption: Encryption, version: tuple[int, int, int, int] = (0, 0, 0, 0)) -> bytes:
    """Return the PRELOGIN of a server."""
    told = {_VERSION: struct.pack(">BBHH", *version), _ENCRYPTION: bytes([encryption]), _INSTANCE: b"\x00"}
    return packet(PacketType.ANSWER, _options({**told, _THREAD: b"", _MARS: b"\x00"}))


def _options(values: dict[int, bytes]) -> bytes:
    offset, index, data = _OPTION.size * len(values) + 1, b"", b""
    for token, value in values.items():
        index += _OPTION.pack(token, offset + len(data), len(value))
        data += value
    return index + bytes([_END]) + data


def read(payload: bytes) -> Prelogin:
    """Read the server's PRELOGIN.

    :raises NotTds: it is none.
    """
    found: dict[int, bytes] = {}
    position = 0
    try:
        while payload[position] != _END:
            token, offset, length = _OPTION.unpack_from(payload, position)
            position += _OPTION.size
            if offset + length > len(payload):
                raise NotTds(payload[:32])
            found[token] = payload[offset : offset + length]
        # A server that says nothing of encryption has none ([MS-TDS] 2.2.6.5).
        encryption = Encryption(found[_ENCRYPTION][0]) if found.get(_ENCRYPTION) else Encryption.NOT_SUPPORTED
    except (IndexError, struct.error, ValueError):
        raise NotTds(payload[:32]) from None
    return Prelogin(_version(found.get(_VERSION, b"")), encryption, found.get(_INSTANCE, b"\x00")[:1] != b"\x01")


def _version(told: bytes) -> str | None:
    if len(told) < struct.calcsize(">BBH"):
        return None
    major, minor, build = struct.unpack_from(">BBH", told)
    return f"{major}.{minor}.{build}" if major else None
