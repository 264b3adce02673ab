"""The step `privileges`: what collecting will need, tried out now, so that it is known before a night of it fails."""

import re
from collections.abc import Iterable

from app.engines.errors import StepFailed
from app.engines.facts import Need, PrivilegeFact
from app.engines.ladder import Step
from app.engines.mysql import queries
from app.engines.mysql.requirements import SHOWS_TABLES, Requirement, grant_of, quoted, required
from app.engines.mysql.statements import Session

_GLOBAL = re.compile(r"^GRANT (?P<rights>.+?) ON \*\.\* TO ", re.IGNORECASE)
_NOT_THERE = frozenset({1109, 1146, 1049})  # a table that this flavour does not have is no missing right


def facts(session: Session) -> list[PrivilegeFact]:
    """Return for each need whether this account can have it, and what would give it.

    :raises StepFailed: something else than a right stands in the way.
    """
    account = quoted(str(session.rows(queries.CLOCK)[0]["taken_for"]))
    needs = required(is_mariadb=session.is_mariadb, version=session.version)
    return [
        PrivilegeFact(need="identify"),
        _replication(session, needs["replication"], account),
        _tables(session, "accounts", needs["accounts"], account),
        _tables(session, "object_privileges", needs["object_privileges"], account),
        _sizes(session, needs["sizes"], account),
    ]


def judge(step: Step, found: list[PrivilegeFact]) -> None:
    """Say with the step what is missing; what is only filtered degrades the check.

    :raises StepFailed: `privilege.missing`: a statement was refused.
    """
    lacking = {one.need: one.cause for one in found if one.cause is not None}
    step.detail["needs"] = {one.need: one.cause or "ok" for one in found}
    if "privilege.missing" in lacking.values():
        raise StepFailed("privilege.missing")
    if lacking:
        step.warning = "privilege.filtered"


def granted(lines: Iterable[str]) -> frozenset[str]:
    """Return the global rights that `SHOW GRANTS` lists, those of active roles among them.

    The lines themselves go nowhere: MariaDB writes the hash of the password into them.
    """
    found = [_GLOBAL.match(line) for line in lines]
    return frozenset(right.strip().upper() for one in found if one for right in one["rights"].split(","))


def _replication(session: Session, need: Requirement, account: str) -> PrivilegeFact:
    statements = {need.rights[0]: session.replication_statement}
    if session.is_mariadb and len(need.rights) > 1:
        statements[need.rights[1]] = queries.BINLOG_STATUS
    refusals = {right: session.find(statement)[1] for right, statement in statements.items()}
    missing = [right for right, refusal in refusals.items() if refusal]
    unread = _unread(session, need)
    grants = Requirement(missing, {table: (need.tables or {})[table] for table in unread}).grants(account)
    refusal = next((one for one in (*refusals.values(), *unread.values()) if one), None)
    return _fact("replication", [*missing, *(f"SELECT ON {table}" for table in unread)], grants, refusal)


def _tables(session: Session, name: Need, need: Requirement, account: str) -> PrivilegeFact:
    unread = _unread(session, need)
    grants = [grant_of(table, (need.tables or {})[table], account) for table in unread]
    refusal = next(iter(unread.values()), None)
    return _fact(name, [f"SELECT ON {table}" for table in unread], grants, refusal)


def _unread(session: Session, need: Requirement) -> dict[str, StepFailed]:
    """Return the tables that may not be read; all at once when nothing is missing, else one by one."""
    tables = dict(need.tables or {})
    whole = [table for table, columns in tables.items() if columns is None]
    if len(whole) > 1 and _is_readable(session, queries.probe(", ".join(whole))):
        tables = {table: columns for table, columns in tables.items() if columns is not None}
    refusals = {table: _refusal(session, queries.probe(table, columns or "1")) for table, columns in tables.items()}
    return {table: refusal for table, refusal in refusals.items() if refusal is not None}


def _refusal(session: Session, statement: str) -> StepFailed | None:
    try:
        return session.find(statement)[1]
    except StepFailed as exc:
        if exc.detail.get("server_code") in _NOT_THERE:
            return None
        raise


def _is_readable(session: Session, statement: str) -> bool:
    try:
        return session.find(statement)[1] is None
    except StepFailed as exc:
        if exc.detail.get("server_code") in _NOT_THERE:
            return False  # one of the tables is unknown: that says nothing of the others
        raise


def _sizes(session: Session, need: Requirement, account: str) -> PrivilegeFact:
    """Look at the rights themselves: `information_schema` refuses nothing, it leaves out what is not ours."""
    lines = [str(next(iter(row.values()))) for row in session.rows(queries.GRANTS)]
    rights = granted(lines)
    takes_back = any(line.startswith("REVOKE ") for line in lines)  # MySQL: partial revokes
    shows_databases = bool(rights & (SHOWS_TABLES | {"SHOW DATABASES"}))
    missing = [] if shows_databases else ["SHOW DATABASES"]
    missing += [] if rights & SHOWS_TABLES else ["SHOW VIEW"]
    if not missing and not takes_back:
        return PrivilegeFact(need="sizes")
    grants = Requirement(missing).grants(account)
    return PrivilegeFact(
        need="sizes",
        cause="privilege.filtered",
        missing=tuple(missing) or tuple(need.rights),
        grant="\n".join(grants) or None,
    )


def _fact(need: Need, missing: list[str], grants: list[str], refusal: StepFailed | None) -> PrivilegeFact:
    if refusal is None:
        return PrivilegeFact(need=need)
    return PrivilegeFact(
        need=need,
        cause="privilege.missing",
        missing=tuple(missing),
        grant="\n".join(grants),
        server_code=refusal.detail.get("server_code"),
        server_text=refusal.detail.get("server_text"),
    )
