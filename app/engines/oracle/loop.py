"""The event loop of all Oracle checks: one thread a process, and no way out but over a checked address.

The driver dials by itself, follows redirects by itself and resolves names by itself. Here each of that goes to the
`Gate` of the check that the task belongs to.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, NoReturn, Protocol, TypeVar

from app.engines.errors import StepFailed

Result = TypeVar("Result")
_RETIRES_S = 90.0  # no check lasts longer than 60
_ANSWERS_S = 0.2  # a loop that does not answer in this time is kept busy by a peer


class Gate(Protocol):
    """What a check lets its driver do."""

    async def hand_over(
        self, factory: Callable[[], asyncio.Protocol], host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.Protocol]:
        """Return a connection for what the driver wants to dial."""

    async def encrypt_again(self) -> asyncio.Transport:
        """Return the connection of `hand_over`, encrypted."""


GATE: ContextVar[Gate] = ContextVar("gate of the check")


class GuardedLoop(asyncio.SelectorEventLoop):
    """Dials nobody by itself."""

    async def create_connection(  # type: ignore[override]  # what the driver calls, and no more
        self, protocol_factory: Callable[[], asyncio.Protocol], host: str, port: int, **_: object
    ) -> tuple[asyncio.Transport, asyncio.Protocol]:
        """Ask the check's gate."""
        return await GATE.get().hand_over(protocol_factory, host, port)

    async def start_tls(self, *_: object, **__: object) -> asyncio.Transport:
        """Ask the check's gate, which has a context of its own: the driver's would verify no host name."""
        return await GATE.get().encrypt_again()

    async def getaddrinfo(self, *_: object, **__: object) -> NoReturn:
        """Refuse: names are resolved by the gate."""
        raise StepFailed("guard.network_forbidden")

    async def sock_connect(self, *_: object, **__: object) -> NoReturn:
        """Refuse: the gate hands over connected sockets."""
        raise StepFailed("guard.network_forbidden")

    async def adopt(self, protocol: asyncio.Protocol, sock: socket.socket) -> asyncio.Transport:
        """Return the transport of a connected socket."""
        transport, _ = await super().create_connection(lambda: protocol, sock=sock)
        return transport

    async def wrap(
        self, transport: asyncio.Transport, protocol: asyncio.Protocol, context: ssl.SSLContext, server_name: str
    ) -> asyncio.Transport:
        """Encrypt a connection; nothing but the check's deadline limits the handshake."""
        wrapped = await super().start_tls(
            transport, protocol, context, server_hostname=server_name, ssl_handshake_timeout=3600
        )
        if wrapped is None:
            raise ConnectionResetError
        return wrapped


class LoopThread:
    """A guarded loop and the thread that runs it, until the process ends or the loop is given up."""

    def __init__(self) -> None:
        self.loop = GuardedLoop()
        # What asyncio would log holds transports and exceptions, and those may hold more.
        self.loop.set_exception_handler(lambda _loop, _context: None)
        threading.Thread(target=self._run, name="oracle checks", daemon=True).start()

    def _run(self) -> None:
        self.loop.run_forever()
        self.loop.close()

    def start(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Begin work on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def answers(self) -> bool:
        """Tell whether the loop does its work."""
        heard = threading.Event()
        self.loop.call_soon_threadsafe(heard.set)
        return heard.wait(_ANSWERS_S)

    def retire(self) -> None:
        """End the thread, once it does its work again and the last check that it has can be over."""
        self.loop.call_soon_threadsafe(self.loop.call_later, _RETIRES_S, self.loop.stop)


class _Current:
    """The loop thread in use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: LoopThread | None = None

    def get(self) -> LoopThread:
        with self._lock:
            if self._thread is None:
                self._thread = LoopThread()
            return self._thread

    def give_up(self, thread: LoopThread) -> None:
        """Let the next check begin another loop; this one goes on with what it is busy with."""
        with self._lock:
            if self._thread is thread:
                self._thread = None
                thread.retire()


CURRENT = _Current()
