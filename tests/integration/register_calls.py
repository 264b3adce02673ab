"""What the machine sends, as Hypothesis draws it: from small pools, so that calls meet each other."""

from dataclasses import dataclass

from hypothesis import strategies as st

NAMES = ("a", "b", "B", "订单", "d-4", "E_5", "f.6")
TAGS = ("t1", "t2", "t3")
KEYS = ("k1", "k2")
UNKNOWN = 10**6
SEED = (  # what every life begins with; the last one lies in the recycle bin
    {
        "name": "a",
        "db_type": "mysql",
        "host": "h1",
        "port": 1,
        "tag_names": ["t1", "t2"],
        "external_ids": {"cmdb": "1"},
    },
    {"name": "b", "db_type": "mysql", "host": "h1", "port": 2, "environment": "production", "custom": {"x": 1}},
    {"name": "B", "db_type": "postgresql", "host": "h1", "port": 1, "tag_names": ["t2"]},
)

PART = {
    "description": st.sampled_from([None, "Alpha", "50%_off"]),
    "is_active": st.sampled_from([None, True, False]),
    "owner": st.sampled_from([None, "alice"]),
    "criticality": st.sampled_from([None, 1, 4]),
    "lifecycle": st.sampled_from([None, "active", "retired", "retiring"]),
    "tag_names": st.one_of(st.none(), st.lists(st.sampled_from([*TAGS, *TAGS, "t4"]), max_size=3, unique=True)),
    "environment": st.sampled_from([None, "production", "staging", "own"]),
    "cluster_id": st.sampled_from([None, 0, 0, 1]),  # positions among those that are there
    "credential_id": st.sampled_from([None, 0, 0, 1]),
    "external_ids": st.one_of(
        st.none(), st.dictionaries(st.sampled_from(["x", "cloud"]), st.sampled_from(["1", "2"]), max_size=2)
    ),
    "custom": st.one_of(
        st.none(), st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from([None, True, 1, 1.0, "1"]), max_size=2)
    ),
}
ENDPOINT = {
    "db_type": st.sampled_from(["mysql", "postgresql"]),
    "host": st.sampled_from(["h1", "h2.example.com"]),
    "port": st.sampled_from([1, 2]),
}
NAME = {"name": st.sampled_from(NAMES)}
MERGED = {
    **PART,
    "external_ids": st.one_of(
        st.none(), st.dictionaries(st.sampled_from(["x", "cloud"]), st.sampled_from([None, "1", "2"]), max_size=2)
    ),
    "add_tags": st.lists(st.sampled_from([*TAGS, *TAGS, "t4"]), max_size=2, unique=True),
    "remove_tags": st.lists(st.sampled_from(TAGS), max_size=2, unique=True),
}


MEMBERS = st.fixed_dictionaries(
    {"custom": st.dictionaries(st.just("x"), st.sampled_from([None, True, 1, 1.0]), min_size=1)},
    optional={"external_ids": MERGED["external_ids"]},
)
MOVES = st.fixed_dictionaries({"credential_id": st.just(0), "port": ENDPOINT["port"]})


def whole(**more: st.SearchStrategy) -> st.SearchStrategy[dict]:
    """Bodies of POST and PUT."""
    return st.fixed_dictionaries({**ENDPOINT, **more}, optional=PART)


def partial() -> st.SearchStrategy[dict]:
    """Bodies of PATCH."""
    return st.fixed_dictionaries({}, optional={**NAME, **ENDPOINT, **MERGED})


@dataclass(frozen=True)
class How:
    """Who calls, what he has seen, under which key, whether it is only (or first) rehearsed, and why."""

    role: str
    seen: str
    key: str | None
    rehearsal: str
    note: str | None


HOW = st.builds(
    How,
    role=st.sampled_from([*["admin"] * 6, "dba", "dba", "operator", "operator", "viewer"]),
    seen=st.sampled_from([*["nothing"] * 4, *["right"] * 3, "weak", "one of two", "any", "stale", "unknown"]),
    key=st.sampled_from([None, None, *KEYS]),
    rehearsal=st.sampled_from(["none", "none", "none", "first", "only"]),
    note=st.sampled_from([None, None, "moved"]),
)
PLAINLY = How("admin", "nothing", None, "none", None)
WHICH = st.integers(0, 9)  # 8: one that is gone, 9: one that never was
REASON = st.sampled_from([None, "replaced"])

THINGS = st.sampled_from(["tag", "environment", "cluster", "credential"])
TITLES = {
    "tag": [*TAGS, "t4"],
    "environment": ["production", "staging", "own"],
    "cluster": ["c1", "c2"],
    "credential": ["l1", "l2"],
}
NEEDED = {"tag": {}, "environment": {}, "cluster": {"kind": "galera"}, "credential": {"username": "muster"}}
LOOKS = st.fixed_dictionaries(
    {},
    optional={
        "search": st.sampled_from(["a", "B", "订", "example", "%_", "alpha", "nothing"]),
        "db_type": st.sampled_from(["mysql", "postgresql"]),
        "status": st.sampled_from(["active", "inactive", "deleted"]),
        "tags": st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True),
        "include_deleted": st.booleans(),
    },
)


def if_match(seen: str, version: int) -> tuple[str | None, frozenset[int] | None]:
    """Return the header, and the versions that it names; None stands for all."""
    values = {
        "nothing": (None, None),
        "any": ("*", None),
        "right": (f'"{version}"', {version}),
        "weak": (f'W/"{version}"', {version}),
        "stale": (f'"{version - 1}"', {version - 1}),
        "unknown": ('"999"', {999}),
        "one of two": (f'"999", "{version}"', {999, version}),
    }
    header, versions = values[seen]
    return header, None if versions is None else frozenset(versions)
