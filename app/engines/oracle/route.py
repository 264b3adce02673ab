"""The way of one check: from the socket that was dialled to where listeners redirect it, each address checked."""

import asyncio
import re
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from app.engines import dialing
from app.engines.base import ConnectionSpec
from app.engines.deadline import Deadline
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.facts import TlsFact
from app.engines.oracle import wire
from app.engines.oracle.line import Line, Outlet, Tap, open_line
from app.engines.oracle.loop import CURRENT, GATE

Result = TypeVar("Result")
_REDIRECTS_MOST = 3  # SCAN listener, node listener, dispatcher
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_PORTS = range(1, 65536)
_CANCELS_MOST = 20
_ENDS_S = 0.2


async def _give_up(task: asyncio.Task[Any]) -> None:
    """Cancel a task that the driver is in: it answers a first cancellation with a question to the server."""
    for _ in range(_CANCELS_MOST):
        if task.done():
            return
        task.cancel()
        await asyncio.sleep(0)


class Task(Generic[Result]):
    """Work under way on the loop."""

    def __init__(self, future: Future[Result], route: "Route") -> None:
        self._future = future
        self._route = route

    def result(self) -> Result:
        """Wait for it.

        :raises StepFailed: it failed.
        :raises DeadlinePassed: it was not done in time.
        """
        try:
            return self._future.result(self._route.left_s())
        except (TimeoutError, CancelledError, DeadlinePassed):
            self._future.cancel()
            self._route.check_loop()
            raise DeadlinePassed from None


class Route:
    """All connections of one check; it is the gate that the loop asks.

    Its methods without `async` belong to the thread of the check, all others to the loop.
    """

    def __init__(self, spec: ConnectionSpec, deadline: Deadline, sock: socket.socket, *, encrypts: bool) -> None:
        self._spec = spec
        self._deadline = deadline
        self._sock = sock
        self.encrypts = encrypts
        self._thread = CURRENT.get()
        self._watched = ExitStack()
        self._lines: list[Line] = []
        self._handed_over = 0
        self._fresh = False  # the driver has not yet asked to encrypt the connection that we have encrypted
        self._changes = False
        self._lost: asyncio.Future[None] | None = None
        self.is_logged_in = False
        self.failure: StepFailed | None = None  # ours, whatever the driver makes of it

    def __enter__(self) -> Self:
        """Put the socket under watch and on the loop."""
        self._watched.enter_context(self._deadline.closing(self._sock.fileno()))
        try:
            self.wait(self._open(self._sock))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        end = self._thread.start(self._close())
        try:
            end.result(_ENDS_S)
        except TimeoutError:
            CURRENT.give_up(self._thread)
        self._watched.close()
        self._sock.close()

    @property
    def line(self) -> Line:
        """The connection in use."""
        return self._lines[-1]

    def start(self, work: Coroutine[Any, Any, Result]) -> Task[Result]:
        """Begin work on the loop, for this check."""
        return Task(self._thread.start(self._guarded(work)), self)

    def wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do work on the loop.

        :raises StepFailed: it failed.
        :raises DeadlinePassed: it was not done in time.
        """
        return self.start(work).result()

    def check_loop(self) -> None:
        """Leave the loop to itself when a peer keeps it busy, so that the next check has another."""
        if not self._thread.answers():
            CURRENT.give_up(self._thread)

    def left_s(self) -> float:
        """Return how long may be waited.

        :raises DeadlinePassed: no longer.
        """
        return self._deadline.left_s()

    async def _guarded(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do the work until it is done, or the connection is lost."""
        GATE.set(self)
        if self._lost is None:
            self._lost = asyncio.get_running_loop().create_future()
        task = asyncio.ensure_future(work)
        try:
            both: set[asyncio.Future[Any]] = {task, self._lost}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _give_up(task)
        if not task.done() or self.failure is not None:
            raise self.failure or StepFailed("connect.closed")
        return task.result()

    def _lose(self, tap: Tap, failure: StepFailed) -> None:
        """Hear that a connection has ended; that one does when a listener redirects is no loss."""
        if self._changes or self._lost is None or self._lost.done() or (self._lines and tap is not self.line.tap):
            return
        ended = failure.cause == "connect.closed" and self.is_logged_in
        self.failure = self.failure or (StepFailed("server.connection_lost") if ended else failure)
        self._lost.set_result(None)

    async def _open(self, sock: socket.socket) -> None:
        self._lines.append(await open_line(sock, self._lose))

    async def _close(self) -> None:
        for line in self._lines:
            line.abort()
        await asyncio.sleep(0)  # transports close their sockets in the loop's next round

    async def encrypt(self) -> TlsFact:
        """Encrypt the connection in use, before the driver has it.

        :raises StepFailed: the peer speaks no TLS, or none that the options allow.
        """
        fact = await self.line.encrypt(self._spec.tls, self._spec.host)
        self._fresh = True
        return fact

    async def ping(self) -> bytes:
        """Ask the listener whether it is there, and return its first packet.

        :raises StepFailed: what answers is no listener.
        """
        self.line.write(wire.ping())
        return await self.line.tap.packet

    async def hand_over(
        self, factory: Callable[[], asyncio.Protocol], host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.Protocol]:
        """Give the driver the connection that is there; when it asks again, a listener has redirected it."""
        if self._handed_over:
            await self._redirect(str(host), int(port))
        self._handed_over += 1
        if self.line.transport.is_closing():
            raise self._fail(StepFailed("connect.closed"))
        driver = factory()
        return self.line.tap.connect(driver, self.line.transport), driver

    async def encrypt_again(self) -> asyncio.Transport:
        """Encrypt as the check wants it, whatever the driver had in mind."""
        if not self.encrypts:
            raise self._fail(StepFailed("driver.option_unsupported", detail={"option": "tls_mode"}))
        if not self._fresh:
            try:
                await self.line.encrypt(self._spec.tls, self._spec.host)
            except StepFailed as exc:
                raise self._fail(exc) from None
        self._fresh = False
        if self.line.secure is None:
            raise self._fail(StepFailed("connect.closed"))
        return Outlet(self.line.secure, self.line.tap)

    def _fail(self, failure: StepFailed) -> StepFailed:
        self.failure = self.failure or failure
        return failure

    async def _redirect(self, host: str, port: int) -> None:
        """Dial where a listener points to, as far as the guard lets the login go there."""
        self._changes = True
        try:
            sock = await asyncio.to_thread(self._dial, host, port)
        except (StepFailed, DeadlinePassed) as exc:
            detail = {"redirect": f"{host}:{port}"[:300]}
            failed = StepFailed(exc.cause, detail={**exc.detail, **detail}) if isinstance(exc, StepFailed) else None
            raise self._fail(failed or StepFailed("check.deadline", detail=detail)) from None
        self._watched.enter_context(self._deadline.closing(sock.fileno()))
        await self._open(sock)
        self._fresh = self._changes = False

    def _dial(self, host: str, port: int) -> socket.socket:
        """Connect to the first address that answers; runs in a thread of its own."""
        failure = StepFailed("guard.redirect_refused")
        if self._handed_over > _REDIRECTS_MOST or not _HOST.fullmatch(host) or port not in _PORTS:
            raise failure
        if not self._spec.guard.admits_login(host, port):
            raise failure
        for address in dialing.addresses_of(host, self._deadline):
            if self._spec.guard.refuses(address.ip):
                continue
            limit = min(self._deadline.left_s(), self._spec.connect_timeout_ms / 1000)
            try:
                return dialing.dial(address, port, timeout_s=limit)
            except StepFailed as exc:
                failure = exc
        raise failure
