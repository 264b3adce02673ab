"""Which rights collecting needs, and the exact statements that give those that are missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engines.facts import Need, PrivilegeFact

Row = Mapping[str, Any]

# Up to 2019, and from 2022 on, where the two wide rights were divided.
_BEFORE_2022: Mapping[Need, tuple[str, ...]] = {
    "identify": (),
    "replication": ("VIEW SERVER STATE",),
    "accounts": ("VIEW ANY DEFINITION",),
    "object_privileges": ("VIEW ANY DEFINITION", "CONNECT ANY DATABASE"),
    "sizes": ("VIEW SERVER STATE", "VIEW ANY DEFINITION"),
}
_FROM_2022: Mapping[Need, tuple[str, ...]] = {
    "identify": (),
    "replication": ("VIEW SERVER PERFORMANCE STATE",),
    "accounts": ("VIEW ANY SECURITY DEFINITION",),
    # Names of objects and files are definitions, but no security definitions.
    "object_privileges": ("VIEW ANY DEFINITION", "CONNECT ANY DATABASE"),
    "sizes": ("VIEW SERVER PERFORMANCE STATE", "VIEW ANY DEFINITION"),
}
_AZURE_DATABASE: Mapping[Need, tuple[str, ...]] = {
    "identify": (),
    "replication": ("VIEW DATABASE STATE",),
    "accounts": ("VIEW DEFINITION",),
    "object_privileges": ("VIEW DEFINITION",),
    "sizes": ("VIEW DATABASE STATE",),
}
_EVERYWHERE = "CONNECT ANY DATABASE"


def privilege_facts(rights: Row, *, in_database: bool, account: str) -> list[PrivilegeFact]:
    """Return, for each need, what is missing.

    `rights` names each permission with 1, 0, or None where this version does not know it. `in_database`: only rights
    in one database can be granted, as in Azure SQL Database.
    """
    needs = _AZURE_DATABASE if in_database else _needs_of(rights)
    return [_fact(need, needed, rights, account, in_database=in_database) for need, needed in needs.items()]


def _needs_of(rights: Row) -> Mapping[Need, tuple[str, ...]]:
    return _BEFORE_2022 if rights["VIEW SERVER PERFORMANCE STATE"] is None else _FROM_2022


def _fact(need: Need, needed: Sequence[str], rights: Row, account: str, *, in_database: bool) -> PrivilegeFact:
    missing = [one for one in needed if one != _EVERYWHERE and rights[one] != 1]
    closed = _EVERYWHERE in needed and rights[_EVERYWHERE] != 1 and rights["closed_databases"] > 0
    if closed and rights[_EVERYWHERE] is not None:
        missing.append(_EVERYWHERE)
        closed = False
    name = quoted(account)
    grants = [f"GRANT {one} TO {name};" for one in missing]
    if grants and not in_database:
        grants.insert(0, "USE master;")
    if closed:  # before 2014 an account needs a user in each database; model, so that new databases have it
        grants.append(f"CREATE USER {name} FOR LOGIN {name}; -- in each database that is closed to it, and in model")
    return PrivilegeFact(
        need=need,
        cause="privilege.missing" if missing else "privilege.filtered" if closed else None,
        missing=missing,
        grant="\n".join(grants) or None,
    )


def quoted(name: str) -> str:
    """Return a name as T-SQL takes it whatever it holds."""
    return "[" + name.replace("]", "]]") + "]"
