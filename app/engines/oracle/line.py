"""One connection to a listener or server: a socket that keeps the first bytes, and the tap before the driver."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.engines import tls
from app.engines.base import TlsOptions
from app.engines.errors import StepFailed
from app.engines.facts import TlsFact
from app.engines.oracle import wire
from app.engines.oracle.loop import GuardedLoop

_RESENDS_MOST = 8
_LOGIN_BYTES_MOST = 128 * 1024  # of answers until the login is done; Oracle sends 4 KiB
_JUDGES_S = 0.2
_READS_ON_S = 0.02  # the driver has done with an ACCEPT, and knows how long lengths are from then on


class Socket(socket.socket):
    """A connected socket that keeps how the peer begins to speak, encrypted or not."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(fileno=sock.detach())
        self.setblocking(False)
        self.first = b""
        self.spoke = threading.Event()  # there are enough first bytes, or there will be none

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive, and keep the first bytes."""
        with self._noting_the_end():
            data = super().recv(bufsize, flags)
        self._note(data)
        return data

    def recv_into(self, buffer: bytearray | memoryview, nbytes: int = 0, flags: int = 0) -> int:  # type: ignore[override]  # what asyncio calls
        """Receive, and keep the first bytes."""
        with self._noting_the_end():
            size = super().recv_into(buffer, nbytes, flags)
        self._note(bytes(memoryview(buffer)[: min(size, wire.FIRST_BYTES)]))
        return size

    @contextmanager
    def _noting_the_end(self) -> Iterator[None]:
        try:
            yield
        except (BlockingIOError, InterruptedError):
            raise
        except OSError:
            self.spoke.set()
            raise

    def _note(self, data: bytes) -> None:
        if not self.spoke.is_set():
            self.first += data[: wire.FIRST_BYTES]
            if not data or len(self.first) >= wire.FIRST_BYTES:
                self.spoke.set()


class Tap(asyncio.Protocol):
    """Looks at each packet before the driver does; `lose` hears of the end, which the driver ignores during a login."""

    def __init__(self, spoke: threading.Event, lose: "Lose") -> None:
        self._spoke = spoke
        self._lose = lose
        self._frames = wire.Frames()
        self._waiting: list[bytes] = []
        self._login: bytearray | None = bytearray()
        self._holds = False
        self._driver: asyncio.Protocol | None = None
        self._transport: asyncio.BaseTransport | None = None
        self.packet: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connect(self, driver: asyncio.Protocol, transport: asyncio.Transport) -> "Outlet":
        """Pass packets on to the driver from now on, and return the transport that it gets."""
        self._driver = driver
        return Outlet(transport, self)

    def disconnect(self) -> None:
        """Pass nothing on any more."""
        self._driver = None

    def trust(self) -> None:
        """Look no more at what the server demands: the login is done."""
        self._login = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Check, and pass on."""
        try:
            packets = self._frames.feed(data)
            for packet in packets:
                self._check(packet)
        except StepFailed as exc:
            self._end(exc)
            return
        if packets and not self.packet.done():
            self.packet.set_result(packets[0])
        self._waiting += packets
        self._pass_on()

    def _check(self, packet: bytes) -> None:
        if self._login is None:
            return
        if packet[4] == wire.DATA:
            self._login += packet[wire.HEADER + 2 :]
        if self._frames.resends > _RESENDS_MOST:
            raise StepFailed("greeting.not_a_database", text="asks for the first packet again and again")
        if len(self._login) > _LOGIN_BYTES_MOST or wire.rounds_demanded(bytes(self._login)) > wire.ROUNDS_MOST:
            raise StepFailed("guard.answer_too_large")

    def _pass_on(self) -> None:
        while self._driver is not None and self._waiting and not self._holds:
            packet = self._waiting.pop(0)
            if packet[4] == wire.ACCEPT:
                self._holds = True
                asyncio.get_running_loop().call_later(_READS_ON_S, self._read_on)
            self._driver.data_received(packet)

    def _read_on(self) -> None:
        self._holds = False
        self._pass_on()

    def _end(self, failure: StepFailed) -> None:
        self._spoke.set()
        self._lose(self, failure)
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the check a moment later, for the driver may have the reason in its hands already.

        The driver itself is never told: it drops its transport then, and what it still does without one ends the
        process (a null pointer in its compiled code). Whoever waits for it cancels it instead.
        """
        self._spoke.set()
        asyncio.get_running_loop().call_later(_READS_ON_S, self._lose, self, _failure(exc))


class Outlet(asyncio.Transport):
    """What the driver writes to. When it closes, nothing is passed on to it any more: it would not survive that."""

    def __init__(self, transport: asyncio.Transport, tap: Tap) -> None:
        super().__init__()
        self._transport = transport
        self._tap = tap

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, while there is somebody to send to: asyncio logs each attempt after that."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Close, once all is sent."""
        self._tap.disconnect()
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether it is closed."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Return the socket, and what else the driver asks for."""
        return self._transport.get_extra_info(name, default)


Lose = Callable[[Tap, StepFailed], None]


def _failure(exc: Exception | None) -> StepFailed:
    if isinstance(exc, ssl.SSLError):
        return tls.failure(exc)
    if exc is None or isinstance(exc, OSError):
        return StepFailed("connect.closed")
    return StepFailed("login.other", detail={"kind": type(exc).__name__})


class Line:
    """One connection, on the loop; made by `open_line`."""

    def __init__(self, sock: Socket, tap: Tap, transport: asyncio.Transport) -> None:
        self.sock = sock
        self.tap = tap
        self.transport = transport
        self.secure: asyncio.Transport | None = None

    async def encrypt(self, options: TlsOptions, host: str) -> TlsFact:
        """Shake hands, whether the connection is encrypted already or not, and return what the peer showed.

        :raises StepFailed: the peer speaks no TLS, or none that the options allow.
        """
        loop = asyncio.get_running_loop()
        if not isinstance(loop, GuardedLoop):
            raise TypeError("not on the loop of Oracle checks")
        began = loop.time()
        try:
            context = tls.context_of(options)
            self.secure = await loop.wrap(self.transport, self.tap, context, tls.server_name(host))
            secured: ssl.SSLObject = self.secure.get_extra_info("ssl_object")
            fact = tls.fact_of(secured, options, host)
        except (ssl.SSLError, OSError) as exc:
            raise tls.failure(exc) from None
        # In TLS 1.3 a server judges our certificate after we have done: whoever writes at once is reset and never reads
        # why it was refused.
        await asyncio.sleep(min(max(2 * (loop.time() - began), _JUDGES_S / 4), _JUDGES_S))
        return fact

    def write(self, data: bytes) -> None:
        """Send bytes of ours, before there is a driver."""
        (self.secure or self.transport).write(data)

    def abort(self) -> None:
        """Close at once."""
        self.transport.abort()


async def open_line(sock: socket.socket, lose: Lose) -> Line:
    """Put a connected socket on the loop."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, GuardedLoop):
        raise TypeError("not on the loop of Oracle checks")
    own = Socket(sock)
    tap = Tap(own.spoke, lose)
    return Line(own, tap, await loop.adopt(tap, own))
