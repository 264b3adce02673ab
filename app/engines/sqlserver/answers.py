"""Read a server's answer token by token before the driver sees any of it, and keep back what would harm it.

The driver trusts its server. It follows a routing answer to any host and sends the password there in clear, reserves
as much memory as a packet size names, and spins for ever where a long value is shorter than it was announced. So it
gets only what was understood here to the last byte: LOGINACK, rows of a few types whose lengths are right, and DONE.
Errors, routes and everything else end here. Statements cast what they select to these types.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

ROWS_MOST = 10_000
_COLUMNS_MOST = 64


class AnswerBroken(ValueError):
    """The answer is not what a SQL Server sends to our statements."""


class ServerTooOld(ValueError):
    """The server speaks a TDS before 7.2."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """One ERROR token: number and state decide, the text is shown."""

    number: int
    state: int
    severity: int
    text: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where the server wants the login instead."""

    host: str
    port: int


@dataclass(slots=True)
class Answer:
    """One message of the server; `passed` is what the driver may see of it."""

    passed: bytes = b""
    errors: list[ServerError] = field(default_factory=list)
    route: Route | None = None
    acknowledged: bool = False


@dataclass(slots=True)
class _Column:
    """How long values are: `fixed` bytes, a length byte that is 0 or `size`, or two and at most `text_most` bytes."""

    fixed: int | None = None
    size: int = 0
    text_most: int | None = None


_FIXED = {0x30: 1, 0x32: 1, 0x34: 2, 0x38: 4, 0x7F: 8}  # TINYINT, BIT, SMALLINT, INT, BIGINT
_INTN, _BITN, _NVARCHAR = 0x26, 0x68, 0xE7
_NULL_TEXT, _NVARCHAR_BYTES_MOST = 0xFFFF, 8_000
_COLLATION = 5
_ROUTING = 20
_TCP = 0
# TDS 7.2 to 7.4, as LOGINACK writes them; before 7.2 (SQL Server 2005) tokens have other lengths.
_TDS_VERSIONS = frozenset({0x72090002, 0x730A0003, 0x730B0003, 0x74000004})


class _Reader:
    """A cursor over the message; reading beyond its end is an error."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise AnswerBroken("the answer ends early")
        taken, self.at = self.data[self.at : end], end
        return taken

    def number(self, kind: str) -> int:
        layout = struct.Struct(kind)
        return int(layout.unpack(self.take(layout.size))[0])

    def text(self, length: str) -> str:
        return self.take(2 * self.number(length)).decode("utf-16-le", "replace")


def read(message: bytes) -> Answer:
    """Read a whole message.

    :raises AnswerBroken: it holds what no statement of ours asks for, or does not add up.
    :raises ServerTooOld: it acknowledges a TDS whose tokens are others.
    """
    return _Reading(message).run()


class _Reading:
    def __init__(self, message: bytes) -> None:
        self._in = _Reader(message)
        self._out: list[bytes] = []
        self._answer = Answer()
        self._columns: list[_Column] = []
        self._rows = 0
        self._tokens: dict[int, tuple[Callable[[], None], bool]] = {
            # token: how it is read, and whether the driver sees it
            0x81: (self._metadata, True),
            0xD1: (self._row, True),
            0xD2: (self._row_with_nulls, True),
            0xFD: (self._done, True),
            0xFE: (self._done, True),
            0xFF: (self._done, True),
            0xAD: (self._acknowledgement, True),
            0xAA: (self._error, False),
            0xE3: (self._environment, False),
            0xAB: (self._skip, False),  # INFO
            0xA9: (self._skip, False),  # ORDER
            0x79: (self._return_status, False),
            0xAE: (self._features, False),
        }

    def run(self) -> Answer:
        while self._in.at < len(self._in.data):
            begun = self._in.at
            read_it, is_passed = self._tokens.get(self._in.take(1)[0], (self._unknown, False))
            read_it()
            if is_passed:
                self._out.append(self._in.data[begun : self._in.at])
        self._answer.passed = b"".join(self._out)
        return self._answer

    def _unknown(self) -> None:
        raise AnswerBroken("a token that no statement asks for")

    def _skip(self) -> None:
        self._in.take(self._in.number("<H"))

    def _done(self) -> None:
        self._in.take(12)

    def _return_status(self) -> None:
        self._in.take(4)

    def _features(self) -> None:
        while self._in.take(1) != b"\xff":
            self._in.take(self._in.number("<I"))

    def _acknowledgement(self) -> None:
        inner = _Reader(self._in.take(self._in.number("<H")))
        inner.take(1)
        version = inner.number(">I")
        inner.text("<B")
        inner.take(4)
        if inner.at != len(inner.data):
            raise AnswerBroken("LOGINACK does not add up")
        if version not in _TDS_VERSIONS:
            raise ServerTooOld(f"TDS {version:08x}")
        self._answer.acknowledged = True

    def _error(self) -> None:
        inner = _Reader(self._in.take(self._in.number("<H")))
        number, state, severity = inner.number("<i"), inner.number("<B"), inner.number("<B")
        self._answer.errors.append(ServerError(number, state, severity, inner.text("<H")))

    def _environment(self) -> None:
        inner = _Reader(self._in.take(self._in.number("<H")))
        if inner.number("<B") != _ROUTING:
            return
        inner.take(2)
        protocol, port, host = inner.number("<B"), inner.number("<H"), inner.text("<H")
        if protocol != _TCP or not port or not host:
            raise AnswerBroken("a route to nowhere")
        self._answer.route = Route(host, port)

    def _metadata(self) -> None:
        count = self._in.number("<H")
        if not 0 < count <= _COLUMNS_MOST:
            raise AnswerBroken("more columns than any statement asks for")
        self._columns = [self._column() for _ in range(count)]

    def _column(self) -> _Column:
        self._in.take(6)  # user type, flags
        column = self._type(self._in.number("<B"))
        self._in.text("<B")
        return column

    def _type(self, kind: int) -> _Column:
        if kind in _FIXED:
            return _Column(fixed=_FIXED[kind])
        if kind in {_INTN, _BITN}:
            size = self._in.number("<B")
            if size not in ({1} if kind == _BITN else {1, 2, 4, 8}):
                raise AnswerBroken("a number of no known size")
            return _Column(size=size)
        if kind == _NVARCHAR:
            most = self._in.number("<H")
            self._in.take(_COLLATION)
            if most > _NVARCHAR_BYTES_MOST or most % 2:
                raise AnswerBroken("a text without a limit")
            return _Column(text_most=most)
        raise AnswerBroken("a type that no statement asks for")

    def _row(self) -> None:
        self._count_row()
        for column in self._columns:
            self._value(column)

    def _row_with_nulls(self) -> None:
        self._count_row()
        nulls = self._in.take((len(self._columns) + 7) // 8)
        for position, column in enumerate(self._columns):
            if not nulls[position // 8] & (1 << position % 8):
                self._value(column)

    def _count_row(self) -> None:
        self._rows += 1
        if not self._columns or self._rows > ROWS_MOST:
            raise AnswerBroken("more rows than any statement asks for")

    def _value(self, column: _Column) -> None:
        if column.fixed is not None:
            self._in.take(column.fixed)
        elif column.text_most is not None:
            length = self._in.number("<H")
            if length == _NULL_TEXT:
                return
            if length > column.text_most or length % 2:
                raise AnswerBroken("a text longer than its column")
            self._in.take(length)
        else:
            length = self._in.number("<B")
            if length not in {0, column.size}:
                raise AnswerBroken("a number longer than its column")
            self._in.take(length)
