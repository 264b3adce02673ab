"""What the first packet tells: who speaks there, and in which version, before anybody has logged in."""

import re
from collections.abc import Mapping
from typing import Any

from app.engines import probing
from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.errors import StepFailed, clean

_HEADER = 4  # length and number of a packet stand before its first byte
_OURS: frozenset[probing.Speech] = frozenset({"mysql", "mariadb"})
_OLD_PROTOCOL = 9  # before MySQL 3.21
# Peers that speak first and that `probing` does not know, by how they begin.
_OTHERS: Mapping[bytes, str] = {
    b"+OK": "pop3",
    b"* OK": "imap",
    b"RFB ": "vnc",
    b"\x05\x00\x00\x00\x0b\x08\x05": "mysqlx",
}
# Part of the version or its comment, in lower case → flavour. The first that fits counts.
_FLAVOURS: tuple[tuple[str, str], ...] = (
    ("proxysql", "ProxySQL"),
    ("maxscale", "MaxScale"),
    ("percona xtradb cluster", "Percona XtraDB Cluster"),
    ("percona", "Percona"),
    ("aurora", "Aurora"),
    ("polardb", "PolarDB"),
    ("alisql", "AliSQL"),
    ("tidb", "TiDB"),
    ("oceanbase", "OceanBase"),
    ("tdsql", "TDSQL"),
    ("greatsql", "GreatSQL"),
    ("doris", "Doris"),
    ("starrocks", "StarRocks"),
    ("vitess", "Vitess"),
    ("memsql", "SingleStore"),
    ("singlestore", "SingleStore"),
    ("columnstore", "ColumnStore"),
)
# These put their own version behind the one of MySQL that they imitate.
_OWN_VERSION = re.compile(r"(?:tidb|oceanbase|vitess|tdsql)[^0-9]*-v?(?P<version>\d+(?:\.\d+)+)", re.IGNORECASE)
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_REPLICATION_PREFIX = "5.5.5-"  # MariaDB 10 greets so, for clients that compare the first digit


def plain(version: str) -> str:
    """Return a version without the prefix that MariaDB puts before it in the greeting."""
    return version.removeprefix(_REPLICATION_PREFIX) if "mariadb" in version.lower() else version


def engine_of(version: str) -> str:
    """Return which of the two it is, as `db_type`."""
    return "mariadb" if "mariadb" in version.lower() else "mysql"


def flavour_of(*texts: str) -> str | None:
    """Return the name of a product that is neither plain MySQL nor plain MariaDB, from version and comment."""
    said = " ".join(texts).lower()
    return next((name for part, name in _FLAVOURS if part in said), None)


def number_of(version: str) -> str | None:
    """Return the digits of a version: of the product itself, not of the MySQL that it imitates."""
    own = _OWN_VERSION.search(version)
    found = _VERSION.match(plain(version))
    return own["version"] if own else found.group() if found else None


def parts_of(version: str) -> tuple[int, ...]:
    """Return the version that the protocol promises, to compare with: (10, 11, 19); empty where there is none."""
    found = _VERSION.match(plain(version))
    return tuple(int(one) for one in found.group().split(".")[:3]) if found else ()


def shown(version: str, *, connection_id: int, plugin: str) -> dict[str, Any]:
    """Return what is shown with the step: all of it was said by somebody who may be anybody."""
    said = clean(version)
    return {
        "engine": engine_of(said),
        "flavour": flavour_of(said),
        "version": plain(said),
        "connection_id": connection_id,
        "authentication": clean(plugin),
    }


def not_ours(first: bytes) -> StepFailed:
    """Return what to say of a peer whose first bytes are no greeting."""
    if first[_HEADER : _HEADER + 1] == bytes([_OLD_PROTOCOL]):
        return StepFailed("driver.server_unsupported", detail={"protocol": _OLD_PROTOCOL})
    other = next((name for begin, name in _OTHERS.items() if first.startswith(begin)), None)
    speaks = other or probing.recognise(first)
    line = first.splitlines()[0] if first else b""
    text = line.decode("ascii", "replace") if line[:1].isalnum() else None
    detail = {} if speaks is None or speaks in _OURS else {"speaks": speaks}
    return StepFailed("greeting.not_a_database", text=text, detail=detail)


def of_silent(address: Address, port: int, deadline: Deadline) -> StepFailed:
    """Return what to say of a peer that did not greet, after asking it in the languages of other databases."""
    speaks = probing.find_speaker(address, port, deadline, known_not=_OURS)
    if speaks in _OURS:  # it did greet, this time: too slow, not another
        return StepFailed("greeting.silent", detail={"speaks": speaks})
    return probing.failure(speaks)
