"""TNS, the frame that Oracle's listener and server speak in: packets, first answers, a question without login.

Written after what listeners answer in practice; Oracle publishes no description of it.
"""

import re
import struct
from dataclasses import dataclass, field
from typing import Literal

from app.engines import probing
from app.engines.errors import StepFailed

CONNECT, ACCEPT, REFUSE, REDIRECT, DATA, RESEND, MARKER = 1, 2, 4, 5, 6, 11, 12
ANSWERS = {ACCEPT: "accept", REFUSE: "refuse", REDIRECT: "redirect", RESEND: "resend"}
HEADER = 8
FIRST_BYTES = 8  # enough to know who speaks

_VERSION, _OLDEST_VERSION = 319, 300
_WIDE_LENGTH_SINCE = 315  # from this version on, packets after ACCEPT have lengths of four bytes
_CONNECT_DATA_AT = 74
_NEW_PARTS_SINCE = 18  # of a version in one number: the widths have changed with 18c
_PING = b"(CONNECT_DATA=(COMMAND=ping))"
_TLS_ALERT, _TLS_HANDSHAKE, _TLS_MAJOR = 0x15, 0x16, 3

Speaker = Literal["tns", "tls", "other"]


def speaker_of(first: bytes) -> Speaker:
    """Tell who speaks by the first bytes of an answer."""
    begin = first[:FIRST_BYTES].ljust(FIRST_BYTES, b"\xfe")
    if begin[0] in {_TLS_ALERT, _TLS_HANDSHAKE} and begin[1] == _TLS_MAJOR:
        return "tls"
    if begin[4] in ANSWERS and int.from_bytes(begin[:2], "big") >= HEADER:
        return "tns"
    return "other"


def stranger(speaker: Speaker, first: bytes) -> StepFailed:
    """Return the failure for a peer that answers, and not in TNS."""
    return StepFailed("tls.required") if speaker == "tls" else probing.failure(probing.recognise(first), first)


def ping() -> bytes:
    """Return the packet that asks a listener whether it is there: no service is named, and no server process begins."""
    body = struct.pack(
        ">HHHHHHHHHHIBB24xIIII",
        _VERSION,
        _OLDEST_VERSION,
        0,  # service options
        8192,  # session data unit
        65535,  # transport data unit
        0x4F98,  # protocol characteristics
        0,  # line turnaround
        1,  # one, in the sender's byte order
        len(_PING),
        _CONNECT_DATA_AT,
        0,  # no data is wanted at once
        0x84,  # no native services; a new TLS handshake may follow
        0x84,
        8192,
        8192,
        0,
        0,
    )
    return struct.pack(">HHBBH", HEADER + len(body) + len(_PING), 0, CONNECT, 0, 0) + body + _PING


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a listener says when it hands nobody on; `number` is None where it names none, 0 after a ping."""

    number: int | None
    text: str


def refusal_of(packet: bytes) -> Refusal:
    """Read a REFUSE packet: two reasons, a length, and a description such as `(DESCRIPTION=(ERR=12514)…)`."""
    text = packet[HEADER + 4 :].decode("utf-8", "replace")
    found = re.search(r"\(ERR=(\d{1,6})\)", text)
    return Refusal(int(found.group(1)) if found else None, text)


def listener_version(text: str) -> str | None:
    """Return the version that a listener gives with its answer (`VSNNUM`), if it gives one; newer ones hide it."""
    found = re.search(r"\(VSNNUM=(\d{1,10})\)", text)
    number = int(found.group(1)) if found else 0
    if number >> 24 < 1:
        return None
    if number >> 24 >= _NEW_PARTS_SINCE:
        parts = (number >> 24, number >> 16 & 0xFF, number >> 12 & 0xF, number >> 4 & 0xFF, number & 0xF)
    else:
        parts = (number >> 24, number >> 20 & 0xF, number >> 12 & 0xFF, number >> 8 & 0xF, number & 0xFF)
    return ".".join(str(one) for one in parts)


@dataclass(slots=True)
class Frames:
    """Cut what a peer sends into packets, and refuse what would harm the driver.

    The driver trusts every length: one of 0 keeps it in a loop that nothing ends and fills the memory.
    """

    _buffer: bytearray = field(default_factory=bytearray)
    _wide: bool = False
    _known: bool = False
    accepted: bool = False
    resends: int = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Return the packets that are whole now.

        :raises StepFailed: the first is none of TNS, or a length is one that no packet can have.
        """
        self._buffer += data
        if not self._known and len(self._buffer) >= FIRST_BYTES:
            first = bytes(self._buffer[:FIRST_BYTES])
            if speaker_of(first) != "tns":
                raise stranger(speaker_of(first), first)
            self._known = True
        packets = []
        while len(self._buffer) >= HEADER:
            length = int.from_bytes(self._buffer[: 4 if self._wide else 2], "big")
            if length < HEADER:
                raise StepFailed("greeting.not_a_database", text="a packet of an impossible length")
            if len(self._buffer) < length:
                break
            packet = bytes(self._buffer[:length])
            del self._buffer[:length]
            packets.append(packet)
            self._follow(packet)
        return packets

    def _follow(self, packet: bytes) -> None:
        kind = packet[4]
        if kind == RESEND:
            self.resends += 1
        if kind == ACCEPT and not self.accepted:
            self.accepted = True
            self._wide = int.from_bytes(packet[HEADER : HEADER + 2], "big") >= _WIDE_LENGTH_SINCE


ROUNDS_MOST = 100_000  # Oracle asks for 4096
_ROUNDS = re.compile(rb"AUTH_PBKDF2_[A-Z]{4}_COUNT.{1,12}?(\d{1,20})", re.DOTALL)


def rounds_demanded(login: bytes) -> int:
    """Return how often a server wants the password hashed: no thread of ours does anything else meanwhile."""
    return max((int(one) for one in _ROUNDS.findall(login)), default=0)
