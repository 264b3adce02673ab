"""The server's messages as they pass by on their way to libpq: framed, measured, and refused before it answers them.

libpq answers whatever a server asks for. What must never be answered, a password in clear or a billion rounds of
hashing (with the interpreter's lock held), has to be seen before.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.engines.errors import StepFailed, clean

Method = Literal["none", "password", "md5", "scram-sha-256"]

# What PBKDF2-HMAC-SHA256 is advised with today; PostgreSQL's own default is 4,096. Keeps a core busy for half a second.
ITERATIONS_MOST = 600_000
_LOGIN_MESSAGE_MOST = 64 * 1024  # no message of a login is longer; libpq itself stops at 30,000
_HEADER = 5
_OK, _CLEAR, _MD5, _SASL, _SASL_CONTINUE, _SASL_FINAL = 0, 3, 5, 10, 11, 12
_METHODS: Mapping[int, str] = {2: "Kerberos 5", 6: "SCM credentials", 7: "GSSAPI", 8: "GSSAPI", 9: "SSPI"}
_SCRAM = b"SCRAM-SHA-256"
# libpq's side is not encrypted, ours is: it must not be offered what is bound to a channel that it does not see.
_SCRAM_ALONE = b"R" + struct.pack("!II", 8 + len(_SCRAM) + 2, _SASL) + _SCRAM + b"\0\0"
_CHALLENGE = re.compile(rb"r=[^,\0]+,s=[^,\0]+,i=([1-9][0-9]{0,6})")
_LOGIN_TYPES = frozenset(b"RENSKZv")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerError:
    """An error as the server sent it. Only code and routine are in no language; a pooler sends no routine."""

    code: str = ""
    routine: str | None = None
    message: str = ""
    detail: str | None = None

    @property
    def text(self) -> str:
        """What the server said, with its detail."""
        return f"{self.message} ({self.detail})" if self.detail else self.message


def error_of(body: bytes) -> ServerError:
    """Read the fields of an ErrorResponse, without its header."""
    fields: dict[str, str] = {}
    for field in body.split(b"\0"):
        text = field.decode(errors="replace")
        if text:
            fields[text[0]] = text[1:]
    return ServerError(
        code=fields.get("C", ""), routine=fields.get("R"), message=fields.get("M", ""), detail=fields.get("D")
    )


class Gate:
    """Lets whole messages pass; notices stay here."""

    def __init__(self, *, budget_bytes: int, clear_password: bool) -> None:
        self.error: ServerError | None = None  # the last one that passed
        self.method: Method = "none"
        self.is_authenticated = False
        self.is_logged_in = False
        self._clear_password = clear_password
        self._budget, self._taken = budget_bytes, 0
        self._pending = bytearray()

    def admit(self, data: bytes) -> bytes:
        """Take what came from the server; return what libpq may see now.

        :raises StepFailed: the server wants what it must not get, or sends too much, or is none.
        """
        self._taken += len(data)
        if self._taken > self._budget:
            raise self._too_large()
        self._pending += data
        out = bytearray()
        while len(self._pending) >= _HEADER:
            kind, length = self._pending[0], int.from_bytes(self._pending[1:_HEADER])
            self._measure(kind, length)
            if len(self._pending) <= length:
                break
            message = bytes(self._pending[: length + 1])
            del self._pending[: length + 1]
            out += self._look(message)
        return bytes(out)

    def _measure(self, kind: int, length: int) -> None:
        if not self.is_logged_in and kind not in _LOGIN_TYPES:
            raise StepFailed("greeting.not_a_database", detail={"first_bytes": bytes(self._pending[:16]).hex()})
        most = self._budget if self.is_logged_in else min(self._budget, _LOGIN_MESSAGE_MOST)
        if not _HEADER - 1 <= length <= most:
            raise self._too_large()

    def _look(self, message: bytes) -> bytes:
        """Note what a message says; return what libpq gets instead of it."""
        kind, body = message[:1], message[_HEADER:]
        if kind == b"N":
            return b""
        if kind == b"R" and not self.is_logged_in:
            return self._authentication(message, body)
        if kind == b"E":
            self.error = error_of(body)
        elif kind == b"Z":
            self.is_logged_in = True
        return message

    def _authentication(self, message: bytes, body: bytes) -> bytes:
        (request,) = struct.unpack_from("!I", body.ljust(4, b"\xff"))
        if request == _OK:
            self.is_authenticated = True
        elif request == _CLEAR:
            if not self._clear_password:
                raise StepFailed("guard.cleartext_refused")
            self.method = "password"
        elif request == _MD5:
            self.method = "md5"
        elif request == _SASL:
            mechanisms = [one for one in body[4:].split(b"\0") if one]
            if _SCRAM not in mechanisms:
                raise _unsupported(*(one.decode(errors="replace") for one in mechanisms))
            self.method = "scram-sha-256"
            return _SCRAM_ALONE
        elif request == _SASL_CONTINUE:
            _check_rounds(body[4:])
        elif request != _SASL_FINAL:
            raise _unsupported(_METHODS.get(request, str(request)))
        return message

    def _too_large(self) -> StepFailed:
        return StepFailed("guard.answer_too_large", detail={"limit_bytes": self._budget})


def _check_rounds(challenge: bytes) -> None:
    """Refuse what is not written as RFC 5802 has it: libpq's strtol reads signs, blanks and zeros that we would not."""
    found = _CHALLENGE.fullmatch(challenge)
    if found is None or int(found.group(1)) > ITERATIONS_MOST:
        raise _unsupported(f"scram-sha-256 of more than {ITERATIONS_MOST} rounds")


def _unsupported(*methods: str) -> StepFailed:
    return StepFailed("login.method_unsupported", detail={"methods": [clean(one) for one in methods[:8]]})
