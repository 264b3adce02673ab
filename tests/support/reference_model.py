"""Tags, environments, clusters and credentials as plain dictionaries, and what every kind of thing has in common."""

from dataclasses import dataclass, field
from typing import Any

_OPERATOR = {"create", "update"}
MAY = {
    "viewer": set(),
    "operator": _OPERATOR,
    "dba": _OPERATOR | {"delete", "credentials"},
    "admin": _OPERATOR | {"delete", "credentials", "purge"},
}
TITLES = {"tag": "name", "environment": "key", "cluster": "name", "credential": "name"}
ACTIONS = {  # of create, update and delete
    "tag": ("create", "update", "delete"),
    "environment": ("update",) * 3,
    "cluster": ("update",) * 3,
    "credential": ("credentials",) * 3,
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What a call that works answers: the instances that it warns of, and whether a credential was bound."""

    status: int = 200
    version: int | None = None
    same_endpoint: tuple[int, ...] = ()
    newly_bound: bool = False


class Refused(Exception):
    """What a call that fails answers; `extra` is part of what the answer has under that name."""

    def __init__(self, status: int, code: str, **extra: Any) -> None:
        super().__init__(status, code, extra)
        self.status, self.code, self.extra = status, code, extra


@dataclass
class ReferenceModel:
    """All that the register holds, and all that was ever done to it."""

    instances: dict[int, Row] = field(default_factory=dict)
    things: dict[str, dict[int, Row]] = field(default_factory=lambda: {kind: {} for kind in TITLES})
    history: dict[int, list[Row]] = field(default_factory=dict)
    events: int = 0
    purged: set[int] = field(default_factory=set)

    @staticmethod
    def check_may(role: str, action: str) -> None:
        if action not in MAY[role]:
            raise Refused(403, "PERMISSION_REQUIRED")

    @staticmethod
    def check_version(row: Row, seen: frozenset[int] | None) -> None:
        if seen is not None and row["version"] not in seen:
            raise Refused(412, "PRECONDITION_FAILED", current_version=row["version"])

    def thing(self, kind: str, thing_id: int) -> Row:
        if thing_id not in self.things[kind]:
            raise Refused(404, "RESOURCE_NOT_FOUND")
        return self.things[kind][thing_id]

    def tag_names(self, tags: frozenset[int]) -> list[str]:
        return sorted(self.things["tag"][tag]["name"] for tag in tags)

    def trace(self, instance_id: int, action: str, changes: Row, actor: str, reason: str | None) -> None:
        self.events += 1
        event = {"action": f"instance.{action}", "changes": changes, "actor": actor, "reason": reason}
        self.history.setdefault(instance_id, []).append(event)

    def create_thing(self, role: str, kind: str, body: Row, new_id: int) -> Done:
        self.check_may(role, ACTIONS[kind][0])
        self._check_title(kind, body, None)
        self.things[kind][new_id] = {"description": None, **body, "version": 1, "endpoints": set()}
        self.events += 1
        return Done(201, 1)

    def change_thing(self, role: str, kind: str, thing_id: int, body: Row, seen: frozenset[int] | None) -> Done:
        self.check_may(role, ACTIONS[kind][1])
        row = self.thing(kind, thing_id)
        self.check_version(row, seen)
        self._check_title(kind, body, thing_id)
        if any(row.get(name) != value for name, value in body.items()):
            row.update(body, version=row["version"] + 1)
            self.events += 1
        return Done(version=row["version"])

    def delete_thing(
        self,
        role: str,
        kind: str,
        thing_id: int,
        seen: frozenset[int] | None,
        *,
        detach: bool = False,
        reason: str | None = None,
    ) -> Done:
        self.check_may(role, ACTIONS[kind][2])
        self.check_version(self.thing(kind, thing_id), seen)
        users = self.users(kind, thing_id)
        if users and not detach:
            raise Refused(409, "CONSTRAINT_VIOLATION", used_by_count=len(users))
        for number in users:
            row = self.instances[number]
            before = self.tag_names(row["tags"])
            row.update(tags=row["tags"] - {thing_id}, version=row["version"] + 1)
            self.trace(number, "update", {"tag_names": [before, self.tag_names(row["tags"])]}, role, reason)
        del self.things[kind][thing_id]
        self.events += 1
        return Done()

    def users(self, kind: str, thing_id: int) -> list[int]:
        """Return the instances that use a thing, those in the recycle bin included."""
        if kind == "tag":
            return [number for number, row in sorted(self.instances.items()) if thing_id in row["tags"]]
        return [number for number, row in sorted(self.instances.items()) if row[f"{kind}_id"] == thing_id]

    def _check_title(self, kind: str, body: Row, but: int | None) -> None:
        title = TITLES[kind]
        for number, row in self.things[kind].items():
            if title in body and row[title] == body[title] and number != but:
                raise Refused(409, "CONSTRAINT_VIOLATION", holder={"id": number})
