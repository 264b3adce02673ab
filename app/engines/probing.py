"""What speaks on a port that did not answer as the engine that is registered there.

Asked only after a greeting failed, each question on a connection of its own to the checked address. Whoever may be
MySQL or MariaDB is only listened to: those two count what opens a connection and does not log in.
"""

import struct
from collections.abc import Callable, Collection, Mapping
from typing import Literal, get_args

from app.engines import dialing
from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed

Database = Literal["mysql", "mariadb", "postgresql", "sqlserver", "oracle", "redis"]
Speech = Database | Literal["http", "ssh", "smtp", "ftp", "tls"]

LISTEN_MS = 300  # who speaks first does so within this
_ANSWER_MS = 500
_DATABASES: tuple[str, ...] = get_args(Database)
_FIRST_WORDS: Mapping[bytes, Speech] = {
    b"SSH-": "ssh",
    b"HTTP/": "http",
    b"<html": "http",
    b"<!DOC": "http",
    b"-ERR ": "redis",
    b"-DENIED ": "redis",
    b"\x15\x03": "tls",  # an alert: TLS from the first byte on
    b"\x16\x03": "tls",
}

SSL_REQUEST = struct.pack("!II", 8, 80877103)
# MS-TDS 2.2.6.5: version and encryption ("not supported"), offsets from the end of the header.
_PRELOGIN = bytes.fromhex("1201001a0000000000000b00060100110001ff00000000000002")
_TNS_PING = b"(CONNECT_DATA=(COMMAND=ping))"
# Type 1, versions 316 to 300, data from byte 58 on: what a listener answers without knowing a service.
_TNS_CONNECT = (
    struct.pack("!HHBBH", 58 + len(_TNS_PING), 0, 1, 0, 0)
    + struct.pack("!HHHHHHHHHHI", 316, 300, 0, 8192, 32767, 0x4F98, 0, 1, len(_TNS_PING), 58, 512)
    + bytes.fromhex("4141")
).ljust(58, b"\0") + _TNS_PING
_TNS_ANSWERS = frozenset({2, 4, 5, 11})  # accept, refuse, redirect, resend
_TYPE_AT = 4  # of a TNS packet; in MySQL's the first byte behind its header


def recognise(first: bytes) -> Speech | None:
    """Return who speaks so, whatever was asked; None: nobody known."""
    found = next((speech for words, speech in _FIRST_WORDS.items() if first.startswith(words)), None)
    if found is not None:
        return found
    if _is_mysql(first):
        return "mariadb" if b"MariaDB" in first else "mysql"
    if first.startswith(b"220"):
        return "ftp" if b"FTP" in first.upper() else "smtp"
    return None


def find_speaker(
    address: Address, port: int, deadline: Deadline, *, known_not: Collection[Speech] = ()
) -> Speech | None:
    """Listen, then ask as each kind of client does, until one of them is answered.

    `known_not`: the engines that were tried already. None: nobody answers, or in no known language.
    """
    if (greeted := _ask(address, port, deadline, b"", LISTEN_MS)) is None:
        return None
    if greeted:
        return recognise(greeted)
    for speech, (question, fits) in _QUESTIONS.items():
        if speech in known_not:
            continue
        answer = _ask(address, port, deadline, question, _ANSWER_MS)
        if answer is None:
            return None
        if answer and fits(answer):
            return speech
        if answer and (other := recognise(answer)):
            return other
    return None


def failure(speech: Speech | None, first: bytes = b"") -> StepFailed:
    """Return the failed greeting: another engine, no database at all, or nobody that says a word.

    `first`: the bytes that were answered, if any; a few of them are shown.
    """
    detail = {"first_bytes": first[:16].hex()} if first else {}
    if speech is None:
        return StepFailed("greeting.not_a_database" if first else "greeting.silent", detail=detail)
    detail["speaks"] = speech
    return StepFailed("greeting.other_engine" if speech in _DATABASES else "greeting.not_a_database", detail=detail)


def _ask(address: Address, port: int, deadline: Deadline, question: bytes, wait_ms: int) -> bytes | None:
    """Return the first bytes of the answer; empty: none came, None: the port or the time is gone."""
    try:
        sock = dialing.dial(address, port, timeout_s=deadline.left_s(_ANSWER_MS))
    except (StepFailed, DeadlinePassed):
        return None
    with sock, deadline.closing(sock.fileno()):
        try:
            sock.settimeout(deadline.left_s(wait_ms))
            sock.sendall(question)
            return sock.recv(512)
        except DeadlinePassed:
            return None
        except OSError:
            return b""


def _is_mysql(first: bytes) -> bool:
    """Tell a greeting, or an error instead of one: packet number 0, protocol 10 or the mark of an error."""
    return len(first) > _TYPE_AT and first[2:4] == b"\0\0" and first[_TYPE_AT] in {0x0A, 0xFF}


_QUESTIONS: Mapping[Speech, tuple[bytes, Callable[[bytes], bool]]] = {
    "postgresql": (SSL_REQUEST, lambda answer: answer in {b"S", b"N"}),
    "sqlserver": (_PRELOGIN, lambda answer: answer[:1] == b"\x04"),
    "oracle": (_TNS_CONNECT, lambda answer: len(answer) > _TYPE_AT and answer[_TYPE_AT] in _TNS_ANSWERS),
    "http": (b"HEAD / HTTP/1.0\r\n\r\n", lambda answer: answer.startswith(b"HTTP/")),
}
