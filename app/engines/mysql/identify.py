"""The step `identify`: what the server says of itself."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.engines.errors import clean
from app.engines.facts import ServerFact
from app.engines.ladder import Step
from app.engines.mysql import greeting, normalize, queries
from app.engines.mysql.normalize import Seen
from app.engines.mysql.statements import Row, Session

_MEMBERS_HAVE_ROLES = (8, 0, 2)
_STATUS_TRIES = 3


def server(session: Session, step: Step) -> ServerFact:
    """Ask the server who it is; what the account may not see is left out, not failed.

    :raises StepFailed: a statement that needs no right fails.
    """
    variables = _pairs(session.rows(queries.VARIABLES))
    session.learn(variables.get("version", session.greeted_version))
    clock = _Clock(session)
    status, asked_at = _status(session, clock)
    seen = _look(session, variables, status)
    _note(step, session, seen)
    return _fact(session, seen, clock, normalize.started_at_of(asked_at, status))


class _Clock:
    """The server's clock against ours, and both ends of the connection as the server sees them."""

    def __init__(self, session: Session) -> None:
        ours, began = datetime.now(UTC), time.perf_counter()
        row = session.rows(queries.CLOCK)[0]
        half_s = (time.perf_counter() - began) / 2
        self._asked, self._half = began, timedelta(seconds=half_s)
        self.theirs = normalize.clock_of(row["clock"])
        off_s = None if self.theirs is None else (self.theirs - ours - timedelta(seconds=half_s)).total_seconds()
        self.offset_ms = None if off_s is None else round(off_s * 1000)
        self.uncertainty_ms = max(1, round(half_s * 1000))
        self.came_as, self.taken_for = row["came_as"], row["taken_for"]

    def now(self, *, early: bool = False) -> datetime | None:
        """Return what the server's clock shows now, at most or (`early`) at least."""
        if self.theirs is None:
            return None
        since = timedelta(seconds=time.perf_counter() - self._asked)
        return self.theirs + since - 2 * self._half if early else self.theirs + since


def _status(session: Session, clock: _Clock) -> tuple[Mapping[str, str], datetime | None]:
    """Return the status, and the second of the server's clock in which it was asked.

    The uptime is a difference of whole seconds: taken from the same second it gives the same start time each time.
    """
    for _ in range(_STATUS_TRIES):
        before = clock.now(early=True)
        status = _pairs(session.rows(queries.STATUS))
        after = clock.now()
        if before is None or after is None or int(before.timestamp()) == int(after.timestamp()):
            break
    return status, after and after.replace(microsecond=0)


def _look(session: Session, variables: Mapping[str, str], status: Mapping[str, str]) -> Seen:
    seen = Seen(variables=variables, status=status)
    if seen.galera is not None:
        return seen
    replication, _ = session.find(session.replication_statement)
    members = replicas = None
    if seen.group is not None and session.version >= _MEMBERS_HAVE_ROLES:
        members, _ = session.find(queries.GROUP_MEMBERS)
    if not session.is_mariadb and replication == [] and seen.group is None:
        replicas, _ = session.find(queries.REPLICAS if session.has_replica_words else queries.SLAVE_HOSTS)
    return Seen(variables=variables, status=status, replication=replication, members=members, replicas=replicas)


def _note(step: Step, session: Session, seen: Seen) -> None:
    version = seen.variables.get("version", "")
    if greeting.plain(session.greeted_version) != version:
        # Something between has greeted in its own name.
        step.detail["greeted_as"] = clean(session.greeted_version)
    if seen.is_mariadb:
        names = ("server_uid", "server_id", "hostname", "port", "datadir")
        step.detail["identity"] = {name: clean(seen.variables.get(name, "")) for name in names}


def _fact(session: Session, seen: Seen, clock: _Clock, started_at: datetime | None) -> ServerFact:
    told: Mapping[str, Any] = seen.variables
    version, comment = told.get("version", session.greeted_version), told.get("version_comment", "")
    role, role_detail = normalize.role_of(seen)
    hostname, port = told.get("hostname"), told.get("port")
    aurora = "Aurora" if "aurora_version" in told else None
    cluster = told.get("wsrep_cluster_name") if seen.galera else seen.group
    return ServerFact(
        engine=greeting.engine_of(version),
        flavour=aurora or greeting.flavour_of(version, comment, session.greeted_version),
        version=greeting.number_of(clean(version)),
        version_text=clean(f"{version} {comment}"),
        edition=normalize.edition_of(comment, version),
        role=role,
        role_detail=role_detail,
        read_only=normalize.is_read_only(seen),
        uptime_s=normalize.uptime_of(seen.status),
        clock_offset_ms=clock.offset_ms,
        clock_uncertainty_ms=clock.uncertainty_ms,
        server_address=clean(f"{hostname}:{port}") if hostname else None,
        our_address=normalize.host_of(clock.came_as),
        session_user=clean(str(clock.taken_for)),
        cluster_name=clean(cluster) if cluster else None,
        identity=normalize.identity_of(seen, started_at),
    )


def _pairs(rows: list[Row]) -> dict[str, str]:
    """Return rows of name and value; names as the server writes them."""
    found = {}
    for row in rows:
        name, value = list(row.values())[:2]
        found[str(name)] = str(value if value is not None else "")
    return found
