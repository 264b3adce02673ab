"""What later collections will read, whether this account may, and the statements that give the right."""

import re
from collections.abc import Mapping, Sequence

from app.engines.errors import StepFailed
from app.engines.facts import Need, PrivilegeFact
from app.engines.oracle import queries
from app.engines.oracle.normalize import Seen
from app.engines.oracle.session import Session

_NEEDS: Mapping[Need, Sequence[str]] = {
    "identify": ("V_$INSTANCE", "V_$DATABASE"),
    "replication": ("V_$DATAGUARD_STATS",),
    "accounts": ("DBA_USERS", "DBA_ROLES", "DBA_ROLE_PRIVS", "DBA_SYS_PRIVS", "DBA_PROFILES", "PROXY_USERS"),
    "object_privileges": ("DBA_TAB_PRIVS", "DBA_COL_PRIVS"),
    "sizes": ("DBA_DATA_FILES", "DBA_TEMP_FILES", "DBA_TABLESPACES", "DBA_TABLESPACE_USAGE_METRICS", "DBA_SEGMENTS"),
}
_CONTAINERS = ("V_$CONTAINERS", "V_$PDBS")
# What shows other containers' rows; filtered for a common account that may not see them.
_ACROSS: frozenset[Need] = frozenset({"accounts", "object_privileges", "sizes"})
_PLAIN_NAME = re.compile(r"[A-Z][A-Z0-9_$#]*")


def views_of(need: Need, seen: Seen) -> list[str]:
    """Return the views that a need reads in the container of this login."""
    views = list(_NEEDS[need])
    if need == "identify" and seen.is_multitenant:
        views += _CONTAINERS
    if seen.is_root:
        views = [one.replace("DBA_", "CDB_", 1) if one.startswith("DBA_") else one for one in views]
    return views


def preflight(session: Session, seen: Seen) -> list[PrivilegeFact]:
    """Ask for each right by a statement that reads nothing.

    :raises StepFailed: the server refuses one for another reason than a right.
    """
    facts = [_need(session, seen, need) for need in _NEEDS]
    filtered = seen.is_root and not _sees_containers(session)
    return [_as_filtered(one, seen) if filtered and one.need in _ACROSS else one for one in facts]


def _need(session: Session, seen: Seen, need: Need) -> PrivilegeFact:
    missing: list[str] = []
    said: StepFailed | None = None
    for view in views_of(need, seen):
        try:
            session.ask(queries.right_on(view))
        except StepFailed as exc:
            if exc.cause != "privilege.missing":
                raise
            missing.append(view)
            said = exc
    if said is None:
        return PrivilegeFact(need=need)
    return PrivilegeFact(
        need=need,
        cause="privilege.missing",
        missing=[f"SELECT ON SYS.{one}" for one in missing],
        grant=grants(missing, seen),
        server_code=said.detail.get("server_code"),
        server_text=said.detail.get("server_text"),
    )


def _sees_containers(session: Session) -> bool:
    try:
        rows = session.ask(queries.CONTAINERS_SEEN)
    except StepFailed as exc:
        if exc.cause != "privilege.missing":
            raise
        return True  # told as missing already
    return bool(rows) and int(rows[0]["containers"]) > 1


def _as_filtered(fact: PrivilegeFact, seen: Seen) -> PrivilegeFact:
    if fact.cause is not None:
        return fact
    statement = f"ALTER USER {account(seen)} SET CONTAINER_DATA = ALL CONTAINER = CURRENT;"
    return PrivilegeFact(need=fact.need, cause="privilege.filtered", missing=["CONTAINER_DATA"], grant=statement)


def grants(views: Sequence[str], seen: Seen) -> str:
    """Return the statements that give the right on views of SYS, as this kind of database wants them."""
    if seen.is_rds:
        name = str(seen.context.get("session_user"))
        lines = [f"EXEC rdsadmin.rdsadmin_util.grant_sys_object('{one}', '{name}', 'SELECT');" for one in views]
    else:
        lines = [f"GRANT SELECT ON SYS.{one} TO {account(seen)};" for one in views]
    return "\n".join(lines)


def account(seen: Seen) -> str:
    """Return the account's name as it stands in a statement."""
    name = str(seen.context.get("session_user"))
    return name if _PLAIN_NAME.fullmatch(name) else '"' + name.replace('"', "") + '"'
