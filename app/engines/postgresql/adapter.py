"""The flow of a check of PostgreSQL: one connection from the first byte to the goodbye."""

import socket
from collections.abc import Sequence

from app.engines import capability, dialing, tls
from app.engines.base import Address, ConnectionSpec, Login
from app.engines.errors import StepFailed
from app.engines.facts import ServerFact
from app.engines.ladder import Ladder, Step
from app.engines.postgresql import greeting, normalize, privileges, queries
from app.engines.postgresql.answer import Row
from app.engines.postgresql.causes import LoginState
from app.engines.postgresql.session import Session

_LOCK_MS = 2_000
# A server of another flavour does not know a function, a column or a setting; or we must not ask it.
_NOT_TOLD = frozenset({"42883", "42703", "42P01", "42704", "42601", "42501", "0A000", "3F000"})


class PostgresqlEngine:
    """PostgreSQL, and what speaks its protocol."""

    db_types: Sequence[str] = ("postgresql",)
    default_port = 5432
    capabilities = capability.table()
    counts_broken_connections = False

    def climb(self, spec: ConnectionSpec, addresses: Sequence[Address], ladder: Ladder) -> None:
        """Take the steps of `app.engines.base.Engine.climb`."""
        sock = dialing.connect(spec, addresses, ladder)
        address = next(one for one in addresses if one.ip == ladder.found.address)
        with sock, ladder.deadline.closing(sock.fileno()):
            offered = greeting.greet(sock, spec, address, ladder)
            if not (offered and spec.tls.mode == "disable"):
                with greeting.encrypt(sock, spec, ladder, offered=offered) as line:
                    _go_on(line, spec, ladder, offered=offered)
                return
            greeting.leave_offer(sock, spec.host)
        # Whoever took up the offer cannot go back to plain text on that connection.
        left_s = ladder.deadline.left_s(spec.connect_timeout_ms)
        with dialing.dial(address, spec.port, timeout_s=left_s) as plain, ladder.deadline.closing(plain.fileno()):
            greeting.encrypt(plain, spec, ladder, offered=offered)
            _go_on(plain, spec, ladder, offered=offered)


def _go_on(line: socket.socket, spec: ConnectionSpec, ladder: Ladder, *, offered: bool) -> None:
    """Take the steps from `login` on."""
    if spec.login is None or spec.suspended:
        greeting.leave(line)
        ladder.skip("login", "login.no_credential" if spec.login is None else "login.suspended")
        return
    clear_password = ladder.found.tls is not None and tls.is_peer_known(spec.tls)
    session = Session(line, ladder.deadline, clear_password=clear_password)
    try:
        _log_in(session, line, spec, spec.login, ladder, offered=offered)
        _look_around(session, spec, ladder)
    finally:
        session.close()


def _log_in(
    session: Session, line: socket.socket, spec: ConnectionSpec, login: Login, ladder: Ladder, *, offered: bool
) -> None:
    state = LoginState(
        username=login.username,
        encrypted=ladder.found.tls is not None,
        tls_offered=offered,
        client_cert=spec.tls.client_cert is not None,
    )
    with ladder.step("login") as step:
        # Until the server names the address that it sees.
        step.detail.update(user=login.username, our_address=_own_address(line))
        session.log_in(spec, login, state)
        step.detail["method"] = session.method


def _look_around(session: Session, spec: ConnectionSpec, ladder: Ladder) -> None:
    """Take the steps `identify` and `privileges`; each may fail and leave the other."""
    visit = _Visit(session, spec)
    with ladder.step("identify") as step:
        visit.begin()
        ladder.found.server = visit.identify(step)
    ladder.deadline.left_s()
    with ladder.step("privileges") as step:
        role = ladder.found.server.session_user if ladder.found.server else None
        found = ladder.found.privileges
        found += privileges.examine(visit.rows, role or _username(spec))
        step.detail["needs"] = {one.need: one.cause or "ok" for one in found}
        grants = dict.fromkeys(line for one in found if one.grant for line in one.grant.splitlines())
        if grants:
            step.detail["grant"] = " ".join(grants)
        if any(one.cause == "privilege.missing" for one in found):
            raise StepFailed("privilege.missing")
        if any(one.cause for one in found):
            step.warning = "privilege.filtered"


class _Visit:
    """The one transaction in which everything is asked."""

    def __init__(self, session: Session, spec: ConnectionSpec) -> None:
        self._session, self._limit_ms = session, spec.statement_timeout_ms
        self._back = queries.BACK

    def begin(self) -> None:
        """Begin, with the limits of the spec where the server knows them."""
        limits = {
            "statement_timeout_ms": self._limit_ms,
            "lock_timeout_ms": min(_LOCK_MS, self._limit_ms),
        }
        try:
            self._session.ask(queries.BEGIN.format(**limits), limit_ms=self._limit_ms)
        except StepFailed as exc:
            if exc.detail.get("server_code") not in _NOT_TOLD:
                raise
            self._session.ask(queries.BEGIN_AGAIN, limit_ms=self._limit_ms)
            self._back = queries.BEGIN_AGAIN

    def rows(self, sql: str) -> Sequence[Row]:
        """Ask inside the transaction, whatever has failed in it before."""
        back = self._back if self._session.is_failed else ""
        return self._session.ask(back + sql, limit_ms=self._limit_ms).rows

    def identify(self, step: Step) -> ServerFact:
        """Ask what the server is; what it does not know or tell is named in the step's detail."""
        answer = self._session.ask(queries.SERVER, limit_ms=self._limit_ms)
        server = _first(answer.rows, width=8)
        if server is None:
            raise StepFailed("query.other")
        state = self._told(step, "state", queries.STATE, width=6)
        lineage = self._told(step, "identity", queries.LINEAGE, width=2)
        aurora = self._told(step, "aurora", queries.AURORA, width=2) if lineage and lineage[1] else None
        source = self._told(step, "source", queries.SOURCE, width=3) if state and state[0] == "yes" else None
        if server[3] != str(self._session.backend_pid):
            step.detail["pooler"] = True  # the process that answers is not the one that took the login
        return normalize.server_fact(
            normalize.Rows(
                server=server,
                sent_at=answer.sent_at,
                received_at=answer.received_at,
                state=state,
                lineage=lineage,
                source=source,
                aurora=aurora,
            )
        )

    def _told(self, step: Step, what: str, sql: str, *, width: int) -> Row | None:
        try:
            rows = self.rows(sql)
        except StepFailed as exc:
            if exc.detail.get("server_code") not in _NOT_TOLD:
                raise
            step.detail.setdefault("not_told", []).append(what)
            return None
        return _first(rows, width=width)


def _first(rows: Sequence[Row], *, width: int) -> Row | None:
    """Return the first row, if it has as many columns as were asked for; whatever answers is not to be trusted."""
    return rows[0] if rows and len(rows[0]) == width else None


def _own_address(line: socket.socket) -> str | None:
    try:
        return str(line.getsockname()[0])
    except OSError:
        return None


def _username(spec: ConnectionSpec) -> str:
    return spec.login.username if spec.login else ""
