"""What TDS 7.4 messages hold, as a server reads and writes them ([MS-TDS] 2.2.7). Shares no code with the engine."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Login7:
    """What a login packet says; `application` and the rest in clear, the password unscrambled."""

    username: str
    password: str
    application: str
    server: str
    database: str
    encrypted: bool


@dataclass(frozen=True)
class Error:
    """An error that the server answers with."""

    number: int
    state: int = 1
    severity: int = 14
    text: str = "the server's own words"


def prelogin_options(payload: bytes) -> dict[int, bytes]:
    found, position = {}, 0
    while payload[position] != 0xFF:
        token, offset, length = struct.unpack_from(">BHH", payload, position)
        found[token] = payload[offset : offset + length]
        position += 5
    return found


def prelogin(version: tuple[int, int, int, int], instance: str, encryption: int, asked: dict[int, bytes]) -> bytes:
    wanted = asked.get(2, b"\x00").rstrip(b"\x00").decode("ascii")
    other = bool(wanted) and wanted.upper() not in {instance.upper(), "MSSQLSERVER"}
    values = {0: struct.pack(">BBHH", *version), 1: bytes([encryption]), 2: bytes([other]), 3: b"", 4: b"\x00"}
    index, data, offset = b"", b"", 5 * len(values) + 1
    for token, value in values.items():
        index += struct.pack(">BHH", token, offset + len(data), len(value))
        data += value
    return index + b"\xff" + data


def login7(payload: bytes, *, encrypted: bool) -> Login7:
    def text(at: int) -> str:
        offset, length = struct.unpack_from("<HH", payload, at)
        return payload[offset : offset + 2 * length].decode("utf-16-le")

    offset, length = struct.unpack_from("<HH", payload, 44)
    scrambled = payload[offset : offset + 2 * length]
    plain = bytes(((one ^ 0xA5) >> 4 | ((one ^ 0xA5) << 4)) & 0xFF for one in scrambled)
    return Login7(text(40), plain.decode("utf-16-le"), text(48), text(52), text(68), encrypted)


def _us(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def _b(text: str) -> bytes:
    return struct.pack("<B", len(text)) + text.encode("utf-16-le")


def _token(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("<H", len(body)) + body


def error(one: Error) -> bytes:
    body = struct.pack("<iBB", one.number, one.state, one.severity) + _us(one.text) + _b("FAKE") + _b("")
    return _token(0xAA, body + struct.pack("<I", 1))


def info(number: int, text: str) -> bytes:
    return _token(0xAB, struct.pack("<iBB", number, 1, 0) + _us(text) + _b("FAKE") + _b("") + struct.pack("<I", 1))


def environment(kind: int, new: str, old: str) -> bytes:
    return _token(0xE3, bytes([kind]) + _b(new) + _b(old))


def collation() -> bytes:
    return _token(0xE3, b"\x07\x05\x09\x04\xd0\x00\x34\x00")


def transaction(kind: int) -> bytes:
    """Answer a request to begin (5), commit (7) or roll back (8) a transaction."""
    number = b"\x08" + bytes(7) + b"\x01"
    change = b"\x08" + number + b"\x00" if kind == 5 else bytes([kind + 2]) + b"\x00" + number
    return _token(0xE3, change) + done()


def routing(host: str, port: int) -> bytes:
    value = struct.pack("<BH", 0, port) + _us(host)
    return _token(0xE3, b"\x14" + struct.pack("<H", len(value)) + value + b"\x00\x00")


def acknowledgement(version: tuple[int, int, int, int], *, tds: int = 0x74000004) -> bytes:
    program = struct.pack(">BBH", version[0], version[1], version[2])
    return _token(0xAD, b"\x01" + struct.pack(">I", tds) + _b("Microsoft SQL Server") + program)


def done(kind: int = 0xFD, *, status: int = 0, rows: int = 0) -> bytes:
    return bytes([kind]) + struct.pack("<HHQ", status | (0x10 if rows else 0), 0xC1, rows)


def return_status(value: int) -> bytes:
    return b"\x79" + struct.pack("<i", value)


def metadata(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    told = b"\x81" + struct.pack("<H", len(names))
    for name in names:
        told += struct.pack("<IH", 0, 0x0009) + _type(name, rows) + _b(name.strip("[]"))
    return told


def _is_number(name: str, rows: Sequence[Row]) -> bool:
    return any(isinstance(row[name.strip("[]")], int) for row in rows)


def _type(name: str, rows: Sequence[Row]) -> bytes:
    if _is_number(name, rows):
        return b"\x26\x08" if name.endswith("_ms") else b"\x26\x04"
    return b"\xe7" + struct.pack("<H", 8000) + b"\x09\x04\xd0\x00\x34"


def result(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a result set as a statement in a procedure gives it."""
    told = metadata(names, rows)
    for row in rows:
        told += b"\xd1"
        for name in names:
            value = row[name.strip("[]")]
            if _is_number(name, rows):
                size = 8 if name.endswith("_ms") else 4
                told += b"\x00" if value is None else bytes([size]) + int(value).to_bytes(size, "little", signed=True)
            elif value is None:
                told += b"\xff\xff"
            else:
                encoded = str(value).encode("utf-16-le")
                told += struct.pack("<H", len(encoded)) + encoded
    return told + done(0xFF, status=0x01, rows=len(rows))


def text_without_limit(*, announced: int, sent: bytes) -> bytes:
    """Return a result set with one nvarchar(max) whose only part says that it is longer than what follows."""
    column = b"\x81\x01\x00" + struct.pack("<IH", 0, 0x0009) + b"\xe7\xff\xff\x09\x04\xd0\x00\x34\x00"
    return column + b"\xd1" + b"\xfe" + b"\xff" * 7 + struct.pack("<I", announced) + sent
