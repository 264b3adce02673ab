"""What an account needs on which server, and the statements that give it; `privileges` looks what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.engines.facts import Need
from app.engines.mysql import queries

_MYSQL_ROLES = (8, 0)
_MARIADB_SPLIT = (10, 5)  # REPLICATION CLIENT became BINLOG MONITOR, and the status of replicas a right of its own
_TABLES_ALWAYS = ("mysql.db", "mysql.tables_priv", "mysql.columns_priv", "mysql.procs_priv", "mysql.proxies_priv")

# One of these on *.* makes every table of every database visible to its account, with name and size.
SHOWS_TABLES = frozenset(
    {
        "ALTER",
        "CREATE",
        "CREATE VIEW",
        "DELETE",
        "DROP",
        "INDEX",
        "INSERT",
        "REFERENCES",
        "SELECT",
        "SHOW VIEW",
        "TRIGGER",
        "UPDATE",
        "ALL PRIVILEGES",
    }
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one need takes: rights on all databases, and columns or whole tables to read."""

    rights: Sequence[str] = ()
    tables: Mapping[str, str | None] | None = None  # columns, None: all of them

    def grants(self, account: str) -> list[str]:
        """Return the statements that give all of it to an account, which is quoted already."""
        found = [f"GRANT {', '.join(self.rights)} ON *.* TO {account};"] if self.rights else []
        return found + [grant_of(table, columns, account) for table, columns in (self.tables or {}).items()]


def grant_of(table: str, columns: str | None, account: str) -> str:
    """Return the statement that lets an account read a table, or some columns of it."""
    return f"GRANT SELECT{f' ({columns})' if columns else ''} ON {table} TO {account};"


def required(*, is_mariadb: bool, version: tuple[int, ...]) -> dict[Need, Requirement]:
    """Return what each need takes on a server of this kind and version."""
    return _mariadb(version) if is_mariadb else _mysql(version)


def _mysql(version: tuple[int, ...]) -> dict[Need, Requirement]:
    has_roles = version >= _MYSQL_ROLES
    roles = ("mysql.role_edges", "mysql.default_roles") if has_roles else ()
    rights = (*_TABLES_ALWAYS, "mysql.global_grants") if has_roles else _TABLES_ALWAYS
    columns = queries.USER_COLUMNS_MYSQL_8 if has_roles else queries.USER_COLUMNS_MYSQL
    return {
        "identify": Requirement(),
        "replication": Requirement(("REPLICATION CLIENT",), {"performance_schema.replication_group_members": None}),
        "accounts": Requirement((), {"mysql.user": columns, **dict.fromkeys(roles)}),
        "object_privileges": Requirement((), dict.fromkeys(rights)),
        "sizes": Requirement(("SHOW DATABASES", "SHOW VIEW")),
    }


def _mariadb(version: tuple[int, ...]) -> dict[Need, Requirement]:
    split = version >= _MARIADB_SPLIT
    return {
        "identify": Requirement(),
        "replication": Requirement(("SLAVE MONITOR", "BINLOG MONITOR") if split else ("REPLICATION CLIENT",)),
        "accounts": Requirement((), {"mysql.user": queries.USER_COLUMNS_MARIADB, "mysql.roles_mapping": None}),
        "object_privileges": Requirement((), dict.fromkeys(_TABLES_ALWAYS)),
        "sizes": Requirement(("SHOW DATABASES", "SHOW VIEW")),
    }


def script(account: str, *, is_mariadb: bool, version: tuple[int, ...]) -> list[str]:
    """Return all statements that an account needs, the global rights of all needs in one."""
    needs = list(required(is_mariadb=is_mariadb, version=version).values())
    everywhere = Requirement(tuple(right for one in needs for right in one.rights))
    tables = {table: columns for one in needs for table, columns in (one.tables or {}).items()}
    return [*everywhere.grants(account), *Requirement((), tables).grants(account)]


def quoted(account: str) -> str:
    """Return `user@host`, as CURRENT_USER() writes it, as statements take it."""
    user, _, host = account.rpartition("@")
    return "@".join("'" + part.replace("\\", "\\\\").replace("'", "''") + "'" for part in (user, host))
