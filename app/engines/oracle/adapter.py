"""The climb: one connection from TCP over TLS to the login, then who it is and what the account may read."""

import socket
from collections.abc import Sequence
from contextlib import suppress

from app.engines import dialing, probing, tls
from app.engines.base import Address, ConnectionSpec, Login
from app.engines.errors import DeadlinePassed, StepFailed
from app.engines.ladder import Ladder, Step
from app.engines.oracle import normalize, privileges, probes, reading, wire
from app.engines.oracle.causes import of_refusal
from app.engines.oracle.line import Line
from app.engines.oracle.route import Route, Task
from app.engines.oracle.session import Session, begin_login

_GREETING_S = 5.0  # a dedicated server process has to start


def climb(spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
    """Take the steps from `connect` on, in this process.

    :raises StepFailed: out of a step of the ladder, which has told it already.
    :raises DeadlinePassed: the time is over.
    """
    sock = dialing.connect(spec, addresses, ladder)
    address = next(one for one in addresses if one.ip == ladder.found.address)
    one = _Climb(spec, address, ladder)
    try:
        encrypts = one.encrypts()
    except StepFailed as exc:
        with sock, ladder.step("greeting"):
            raise exc from None
        raise
    except DeadlinePassed:
        sock.close()
        raise
    if encrypts:
        one.over_tls(sock)
    else:
        one.in_plain(sock)


class _Climb:
    """One check behind its step `connect`."""

    def __init__(self, spec: ConnectionSpec, address: Address, ladder: Ladder) -> None:
        self._spec = spec
        self._address = address
        self._ladder = ladder

    @property
    def _login(self) -> Login | None:
        """Who logs in now; None: nobody does."""
        return None if self._spec.suspended else self._spec.login

    def encrypts(self) -> bool:
        """Tell whether TLS is spoken: a listener's port takes either TLS or plain TNS, so that `prefer` must look.

        :raises StepFailed: nobody could be asked, which does not mean that there is no TLS.
        """
        if self._spec.tls.mode != "prefer":
            return self._spec.tls.mode != "disable"
        return probes.speaks_tls(self._spec, self._address, self._ladder.deadline)

    def over_tls(self, sock: socket.socket) -> None:
        """Go on with a handshake; the greeting is the first answer to it."""
        with Route(self._spec, self._ladder.deadline, sock, encrypts=True) as route:
            with self._ladder.step("greeting") as step:
                tls.context_of(self._spec.tls)  # what cannot be read is said before anybody is spoken to
                shaking = route.start(route.encrypt())
                self._hear(route.line, step, "tls")
            with self._ladder.step("tls") as step:
                self._ladder.found.tls = shaking.result()
                tls.note(step, self._ladder.found.tls)
            if self._login is not None:
                self._log_in(begin_login(self._spec, self._login, self._address.ip, route))
                return
            try:
                route.wait(route.ping())
            except (StepFailed, DeadlinePassed) as exc:
                with self._ladder.step("login"):
                    raise exc from None
            self._skip_login()

    def in_plain(self, sock: socket.socket) -> None:
        """Go on without TLS; the greeting is the first answer to a CONNECT packet."""
        with Route(self._spec, self._ladder.deadline, sock, encrypts=False) as route:
            line = route.line
            if self._login is None:
                ping = route.start(route.ping())
                with self._ladder.step("greeting") as step:
                    self._hear(line, step, "tns")
                    self._note_pong(ping.result(), step)
                self._tell_plain()
                self._skip_login()
                return
            login = begin_login(self._spec, self._login, self._address.ip, route)
            with self._ladder.step("greeting") as step:
                self._hear(line, step, "tns")
            self._tell_plain()
            self._log_in(login)

    def _hear(self, line: Line, step: Step, wanted: wire.Speaker) -> None:
        """Wait for the first bytes, and look who speaks."""
        heard = line.sock.spoke.wait(min(_GREETING_S, self._ladder.deadline.left_s() / 2))
        first = line.sock.first
        if not first or (not heard and len(first) < wire.FIRST_BYTES):
            raise self._second_look(StepFailed("connect.closed" if heard else "greeting.silent"), wanted)
        speaker = wire.speaker_of(first)
        if speaker == wanted:
            if speaker == "tns":
                step.detail["answer"] = wire.ANSWERS[first[4]]
            return
        if wanted == "tls" and speaker == "tns":
            raise StepFailed("tls.not_offered")
        raise wire.stranger(speaker, first)

    def _second_look(self, failure: StepFailed, wanted: wire.Speaker) -> StepFailed:
        """Ask the other way round, on a new connection: who speaks TLS to a plain port hears nothing, or is hung up."""
        try:
            if wanted == "tls" and probes.speaks_tns(self._spec, self._address, self._ladder.deadline):
                return StepFailed("tls.not_offered")
            if wanted == "tns" and probes.speaks_tls(self._spec, self._address, self._ladder.deadline):
                return StepFailed("tls.required")
            speech = probing.find_speaker(
                self._address, self._spec.port, self._ladder.deadline, known_not={"oracle", "tls"}
            )
        except (StepFailed, DeadlinePassed):  # nobody could be asked
            return failure
        return probing.failure(speech) if speech not in {None, "oracle", "tls"} else failure

    def _tell_plain(self) -> None:
        if self._spec.tls.mode != "prefer":
            self._ladder.skip("tls")
            return
        with self._ladder.step("tls") as step:
            step.warning = "tls.plaintext"

    def _note_pong(self, packet: bytes, step: Step) -> None:
        if packet[4] != wire.REFUSE:
            return
        refusal = wire.refusal_of(packet)
        version = wire.listener_version(refusal.text)
        if version is not None:
            step.detail["listener_version"] = version
        if refusal.number:
            raise of_refusal(refusal.number, refusal.text)

    def _skip_login(self) -> None:
        self._ladder.skip("login", "login.suspended" if self._spec.login else "login.no_credential")

    def _log_in(self, login: Task[Session]) -> None:
        with self._ladder.step("login"):
            session = login.result()
        try:
            self._look_around(session)
        finally:
            with suppress(StepFailed, DeadlinePassed):
                session.end()

    def _look_around(self, session: Session) -> None:
        seen = None
        with self._ladder.step("identify"):
            seen = reading.read(session)
            self._ladder.found.server = normalize.server_fact(seen)
        if seen is None:
            return
        with self._ladder.step("privileges") as step:
            facts = privileges.preflight(session, seen)
            self._ladder.found.privileges = facts
            step.warning = next((one.cause for one in facts if one.cause is not None), None)
