"""The steps `identify` and `privileges`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.engines.base import ConnectionSpec
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder, Step
from app.engines.sqlserver import normalize, queries
from app.engines.sqlserver.driver import Row, Session
from app.engines.sqlserver.normalize import Asked
from app.engines.sqlserver.privileges import privilege_facts


def ask_server(session: Session, spec: ConnectionSpec, ladder: Ladder) -> None:
    """Take the step `identify`; a failure lets the check go on."""
    with ladder.step("identify"):
        sent = datetime.now(UTC)
        row = _one(session.ask(queries.bounded(queries.IDENTIFY)))
        asked = Asked(sent, datetime.now(UTC))
        ladder.found.server = normalize.server_fact(
            row,
            asked=asked,
            uptime=_uptime(session),
            groups=_groups(session, row),
            asked_database=spec.database_name,
        )


def _one(rows: Sequence[Row]) -> Row:
    if len(rows) != 1:
        raise StepFailed("query.other", detail={"rows": len(rows)})
    return rows[0]


def _uptime(session: Session) -> Row | None:
    for statement in (queries.UPTIME, queries.UPTIME_OF_TEMPDB):
        rows = _if_permitted(session, statement)
        if rows and rows[0]["uptime_ms"] is not None:
            return rows[0]
    return None


def _groups(session: Session, row: Row) -> Sequence[Row] | None:
    return _if_permitted(session, queries.AVAILABILITY_GROUPS) if row["is_hadr_enabled"] else ()


def _if_permitted(session: Session, statement: str) -> Sequence[Row] | None:
    """Return the rows, None where the right or, on some services, the view is missing."""
    try:
        return session.ask(queries.bounded(statement))
    except StepFailed:
        if session.is_usable:
            return None
        raise


def ask_rights(session: Session, ladder: Ladder) -> None:
    """Take the step `privileges`; a failure lets the check go on."""
    if not session.is_usable:  # it waits for an answer to the statement before, or is gone
        ladder.skip("privileges", ladder.steps[-1].cause)
        return
    with ladder.step("privileges") as step:
        rights = _one(session.ask(queries.bounded(queries.RIGHTS)))
        server = ladder.found.server
        account = (server.session_user if server else None) or session.username
        in_database = server is not None and server.flavour == normalize.FLAVOURS[normalize.AZURE_DATABASE]
        ladder.found.privileges = privilege_facts(rights, in_database=in_database, account=account)
        _judge(ladder, step)


def _judge(ladder: Ladder, step: Step) -> None:
    lacking = [one for one in ladder.found.privileges if one.cause is not None]
    if not lacking:
        return
    grants = dict.fromkeys(line for one in lacking for line in (one.grant or "").splitlines())
    detail = {
        "missing": list(dict.fromkeys(right for one in lacking for right in one.missing)),
        "grant": "\n".join(grants),
    }
    if any(one.cause == "privilege.missing" for one in lacking):
        raise StepFailed("privilege.missing", detail=detail)
    step.detail.update(detail)
    step.warning = "privilege.filtered"
