"""One connection to a SQL Server: TDS messages over a socket, and TLS inside of TDS. Knows no driver."""

import socket
import ssl
import time

from app.engines import tls
from app.engines.base import TlsOptions
from app.engines.deadline import Deadline
from app.engines.errors import Cause, DeadlinePassed, StepFailed
from app.engines.facts import TlsFact
from app.engines.sqlserver import prelogin
from app.engines.sqlserver.prelogin import HEADER, PACKET_MOST, Encryption, NotTds, PacketType, Prelogin

_READ_BYTES = 16_384
_HANDSHAKE_PACKET = 4_096 - HEADER.size


class Wire:
    """A connected socket on which both sides speak TDS; ends with the deadline, whoever is waiting."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._ends = float("inf")  # of what is under way, besides the deadline
        self._too_late: Cause | None = None  # what it means when `_ends` has come
        self._closed: Cause = "connect.closed"  # what it means when the server ends the connection
        self._tls: ssl.SSLObject | None = None
        self._from_server, self._to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._plain = bytearray()  # received, decrypted, not read yet

    @property
    def is_encrypted(self) -> bool:
        """Tell whether all that follows is encrypted."""
        return self._tls is not None

    def allow(self, most_ms: int | None, cause: Cause | None, *, closed: Cause) -> None:
        """Limit what follows to so many milliseconds, and name what it means if they pass or the server hangs up."""
        self._ends = float("inf") if most_ms is None else time.monotonic() + most_ms / 1000
        self._too_late, self._closed = cause, closed

    def greet(self, encryption: Encryption, instance: str | None) -> Prelogin:
        """Exchange PRELOGIN.

        :raises NotTds: something else answers; what it said is with it.
        :raises StepFailed: the connection ends.
        """
        self._send(prelogin.question(encryption, instance))
        return prelogin.read(self.message({PacketType.ANSWER}))

    def encrypt(self, options: TlsOptions, host: str) -> TlsFact:
        """Do the TLS handshake, which TDS 7 carries inside of PRELOGIN packets.

        :raises StepFailed: the peer speaks no TLS, or none that the options allow.
        """
        # TDS 7 ends with TLS 1.2: what follows a handshake of 1.3 has no place in its packets.
        context = tls.context_of(options, newest=ssl.TLSVersion.TLSv1_2)
        session = context.wrap_bio(self._from_server, self._to_server, server_hostname=tls.server_name(host))
        while True:
            try:
                session.do_handshake()
            except ssl.SSLWantReadError:
                self._send_handshake()
                self._from_server.write(self._handshake_answer())
            except ssl.SSLError as exc:
                self._send_handshake()  # the alert: the server's log tells why then
                raise tls.failure(exc) from None
            else:
                self._send_handshake()
                self._tls = session
                return tls.fact_of(session, options, host)

    def _handshake_answer(self) -> bytes:
        try:
            return self.message({PacketType.PRELOGIN, PacketType.ANSWER})
        except NotTds:
            raise StepFailed("tls.plain_answer") from None

    def _send_handshake(self) -> None:
        said = self._to_server.read()
        for begin in range(0, len(said), _HANDSHAKE_PACKET):
            self._send(prelogin.packet(PacketType.PRELOGIN, said[begin : begin + _HANDSHAKE_PACKET]))

    def write(self, packet: bytes) -> None:
        """Send one packet, as one TLS record: servers expect them not to be split.

        :raises StepFailed: the connection ends.
        """
        if self._tls is not None:
            self._tls.write(packet)
            packet = self._to_server.read()
        self._send(packet)

    def message(self, kinds: set[PacketType]) -> bytes:
        """Return what the next message holds.

        :raises NotTds: what comes is none of these kinds.
        :raises StepFailed: the connection or the time ends, or the message is too large.
        """
        payload = bytearray()
        while True:
            _, status, length, *_ = HEADER.unpack(self._header(kinds))
            payload += self._exactly(length - HEADER.size)
            if len(payload) > self._deadline.budget_bytes:
                raise StepFailed("guard.answer_too_large", detail={"limit_bytes": self._deadline.budget_bytes})
            if status & prelogin.END_OF_MESSAGE:
                return bytes(payload)

    def _header(self, kinds: set[PacketType]) -> bytes:
        """Read the header of a packet; a first byte that begins none ends it, for more may never come."""
        begun = self._exactly(1)
        if begun[0] not in kinds:
            raise NotTds(begun + bytes(self._plain[:64]))
        begun += self._exactly(HEADER.size - 1)
        if not HEADER.size <= HEADER.unpack(begun)[2] <= PACKET_MOST:
            raise NotTds(begun)
        return begun

    def _exactly(self, size: int) -> bytes:
        while len(self._plain) < size:
            self._plain += self._decrypted(self._tls) if self._tls else self._received()
        taken = bytes(self._plain[:size])
        del self._plain[:size]
        return taken

    def _decrypted(self, session: ssl.SSLObject) -> bytes:
        while True:
            try:
                read = session.read(_READ_BYTES)
            except ssl.SSLWantReadError:
                self._from_server.write(self._received())
                continue
            except ssl.SSLZeroReturnError:
                raise StepFailed(self._closed) from None
            except ssl.SSLError as exc:
                raise tls.failure(exc) from None
            if not read:
                raise StepFailed(self._closed)
            return read

    def _received(self) -> bytes:
        try:
            self._sock.settimeout(self._left_s())
            read = self._sock.recv(_READ_BYTES)
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise StepFailed(self._closed) from None
        if not read:
            raise StepFailed(self._closed)
        return read

    def _send(self, data: bytes) -> None:
        try:
            self._sock.settimeout(self._left_s())
            self._sock.sendall(data)
        except TimeoutError:
            raise self._late() from None
        except OSError:
            raise StepFailed(self._closed) from None

    def _left_s(self) -> float:
        left = min(self._deadline.left_s(), self._ends - time.monotonic())
        if left <= 0:
            raise TimeoutError
        return left

    def _late(self) -> StepFailed | DeadlinePassed:
        if self._too_late is None or self._deadline.is_over:
            return DeadlinePassed()
        return StepFailed(self._too_late)

    def close(self) -> None:
        """End the connection."""
        self._sock.close()
