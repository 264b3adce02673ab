"""The socket that the driver is given: it writes through our TLS, and reads what `answers` has read before.

The driver believes that it talks to a server without encryption, which is the only kind of connection that it can
make without verifying certificates.
"""

from app.engines.errors import Cause, DeadlinePassed, StepFailed
from app.engines.sqlserver import answers, causes, prelogin
from app.engines.sqlserver.prelogin import HEADER, Encryption, PacketType
from app.engines.sqlserver.wire import Wire

Failed = StepFailed | DeadlinePassed
_TO_DRIVER_MOST = 4_096  # what the driver's buffer holds
_NOTHING = b"\xfd" + bytes(12)  # DONE: a statement that gave no rows


class Channel:
    """A connection to a server that was greeted, seen by the driver as a socket.

    `failed` is what went wrong, whatever the driver makes of it; `route` where the server wants the login instead.
    """

    def __init__(self, wire: Wire, *, may_log_in_plain: bool) -> None:
        self._wire = wire
        self._may_log_in = wire.is_encrypted or may_log_in_plain
        self._for_driver = bytearray()
        self._asked: causes.Phase | None = None
        self.route: answers.Route | None = None
        self.failed: Failed | None = None

    def settimeout(self, timeout: float | None) -> None:
        """Ignore the driver's own limits: they count from the last byte."""

    def gettimeout(self) -> float | None:
        """Return no limit."""
        return None

    def setsockopt(self, *options: object) -> None:
        """Ignore the driver's options: the socket has its own."""

    def sendall(self, data: bytes | bytearray, flags: int = 0) -> None:
        """Send one packet; the driver writes packet by packet."""
        del flags
        kind, status = data[0], data[1]
        if kind == PacketType.PRELOGIN:
            # It has been exchanged already; that there is no encryption concerns the driver alone.
            self._for_driver += prelogin.answer(Encryption.NOT_SUPPORTED)
            return
        if kind == PacketType.LOGIN and not self._may_log_in:
            raise self._tell(StepFailed("guard.cleartext_refused"))
        try:
            self._wire.write(bytes(data))
        except (StepFailed, DeadlinePassed) as exc:
            raise self._tell(exc) from None
        if status & prelogin.END_OF_MESSAGE:
            self._asked = "login" if kind == PacketType.LOGIN else "query"

    def recv_into(self, buffer: bytearray | memoryview, size: int = 0, flags: int = 0) -> int:
        """Give the driver what it may see of the answer to its last message."""
        del flags
        if not self._for_driver and self._asked is not None:
            phase, self._asked = self._asked, None
            self._frame(self._passed(phase))
        size = min(size or len(buffer), len(self._for_driver))
        buffer[:size] = self._for_driver[:size]
        del self._for_driver[:size]
        return size

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def begin_statement(self, most_ms: int) -> None:
        """Forget how the statement before went, and give the next one its time: the server knows no such limit."""
        self.failed = None
        self._wire.allow(most_ms, "query.timeout", closed="server.connection_lost")

    def _passed(self, phase: causes.Phase) -> bytes:
        answer = self._read_answer(phase)
        if phase == "login":
            self._judge_login(answer)
            return answer.passed
        if answer.errors:
            # No exception: it would leave the driver in the middle of a statement, and others follow.
            self._tell(causes.failure(answer.errors, phase))
            return _NOTHING
        return answer.passed

    def _judge_login(self, answer: answers.Answer) -> None:
        if answer.route is not None:
            self.route = answer.route
            raise self._tell(StepFailed("guard.redirect_refused"))
        if not answer.acknowledged:
            refused = causes.failure(answer.errors, "login") if answer.errors else StepFailed("login.other")
            raise self._tell(refused)

    def _read_answer(self, phase: causes.Phase) -> answers.Answer:
        other: Cause = "login.other" if phase == "login" else "query.other"
        try:
            return answers.read(self._wire.message({PacketType.ANSWER}))
        except (answers.AnswerBroken, prelogin.NotTds) as exc:
            raise self._tell(StepFailed(other, detail={"answer": str(exc)})) from None
        except answers.ServerTooOld as exc:
            raise self._tell(StepFailed("driver.server_unsupported", detail={"answer": str(exc)})) from None
        except (StepFailed, DeadlinePassed) as exc:
            raise self._tell(exc) from None

    def _frame(self, passed: bytes) -> None:
        """Cut what the driver may see into packets that fit its buffer, whatever size the server's had."""
        most = _TO_DRIVER_MOST - HEADER.size
        parts = [passed[begin : begin + most] for begin in range(0, len(passed), most)] or [b""]
        for number, part in enumerate(parts, start=1):
            status = prelogin.END_OF_MESSAGE if number == len(parts) else 0
            self._for_driver += HEADER.pack(PacketType.ANSWER, status, HEADER.size + len(part), 0, number % 256, 0)
            self._for_driver += part

    def _tell(self, failed: Failed) -> Failed:
        """Keep what happened: what the driver makes of an exception is its own affair."""
        self.failed = failed
        return failed
