"""The register as plain dictionaries: what each call has to do, said a second time and as simply as can be.

Instances refer to other things by id, as the store does; the audit trail names them.
"""

import json
from typing import Any

from tests.support.reference_model import MAY, Done, ReferenceModel, Refused, Row

DEFAULTS = {"is_active": True, "lifecycle": "active", "external_ids": {}}
SCALARS = ("name", "db_type", "host", "port", "description", "is_active", "owner", "criticality", "lifecycle", "custom")
BLANK = {
    **dict.fromkeys(SCALARS),
    **DEFAULTS,
    **dict.fromkeys(("environment_id", "cluster_id", "credential_id", "delete_reason", "deleted_by")),
    "tags": frozenset(),
    "version": 1,
    "in_bin": False,
}
NEVER_SET = {  # the tests leave them alone
    "endpoint_kind": "server",
    "platform": "self_hosted",
    "tls_legacy": False,
    "connect_timeout_ms": 3_000,
    "statement_timeout_ms": 5_000,
    "deadline_ms": 15_000,
}


def same(x: Any, y: Any) -> bool:
    """To JSON `true`, `1` and `1.0` are three values."""
    return json.dumps(x, sort_keys=True) == json.dumps(y, sort_keys=True)


def merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    result = dict(old or {})
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


class RegisterModel(ReferenceModel):
    """The instances, and what is done to them."""

    def instance(self, instance_id: int, *, in_bin: bool) -> Row:
        row = self.instances.get(instance_id)
        if row is None or (row["in_bin"] and not in_bin):
            raise Refused(404, "RESOURCE_NOT_FOUND")
        return row

    def check_name(self, name: str, but: int | None) -> None:
        for instance_id, row in self.instances.items():
            if row["name"] == name and instance_id != but:
                holder = {"id": instance_id, "in_bin": row["in_bin"]}
                raise Refused(409, "CONSTRAINT_VIOLATION", holder=holder)

    def check_external_ids(self, wanted: dict[str, str], but: int | None) -> None:
        for instance_id, row in sorted(self.instances.items()):
            if instance_id != but and wanted.items() & row["external_ids"].items():
                raise Refused(409, "CONSTRAINT_VIOLATION", reason="instance.external_id_taken")

    def bind(self, role: str, row: Row) -> bool:
        """Let a credential go to an endpoint, if whoever asks may; tells whether it could not before."""
        credential = self.things["credential"].get(row["credential_id"] or 0)
        endpoint = (row["db_type"], row["host"], row["port"])
        if credential is None or endpoint in credential["endpoints"]:
            return False
        if "credentials" not in MAY[role]:
            raise Refused(403, "CREDENTIAL_NOT_BOUND")
        return True

    # What the audit trail says

    def record(self, row: Row) -> Row:
        """Return an instance as the audit trail keeps it."""
        environment = self.things["environment"].get(row["environment_id"])
        return {
            **{name: row[name] for name in SCALARS},
            **NEVER_SET,
            "environment": environment["key"] if environment else None,
            "cluster": self._named("cluster", row["cluster_id"]),
            "credential": self._named("credential", row["credential_id"]),
            "tag_names": self.tag_names(row["tags"]),
            "external_ids": row["external_ids"],
        }

    def _named(self, kind: str, thing_id: int | None) -> Row | None:
        return None if thing_id is None else {"id": thing_id, "name": self.things[kind][thing_id]["name"]}

    def difference(self, before: Row, after: Row) -> Row:
        """Return field → [before, after] for each that differs."""
        names = {**before, **after}
        pairs = {name: [before.get(name), after.get(name)] for name in names}
        return {name: pair for name, pair in pairs.items() if not same(*pair)}

    # Instances

    def planned(self, body: Row, row: Row) -> Row:
        """Return what a body makes of an instance; refuses what it names and is not there."""
        new = dict(row)
        for name in SCALARS:
            if name in body:
                new[name] = DEFAULTS.get(name) if body[name] is None else body[name]
        new["tags"] = self._tags(body, row["tags"])
        if "environment" in body:
            by_key = {one["key"]: number for number, one in self.things["environment"].items()}
            new["environment_id"] = self._known(body["environment"], by_key)
        for kind in ("cluster", "credential"):
            if f"{kind}_id" in body:
                new[f"{kind}_id"] = self._known(body[f"{kind}_id"], {number: number for number in self.things[kind]})
        if "external_ids" in body:
            new["external_ids"] = body["external_ids"] or {}
        if new["lifecycle"] == "retired":
            if body.get("is_active") is True:
                raise Refused(400, "VALIDATION_ERROR")
            new["is_active"] = False
        return new

    @staticmethod
    def _known(given: Any, known: dict[Any, int]) -> int | None:
        if given is not None and given not in known:
            raise Refused(400, "VALIDATION_ERROR")
        return known.get(given)

    def _tags(self, body: Row, carried: frozenset[int]) -> frozenset[int]:
        by_name = {tag["name"]: number for number, tag in self.things["tag"].items()}
        named = {name: body.get(name) or () for name in ("tag_names", "add_tags", "remove_tags")}
        if not {name for names in named.values() for name in names} <= by_name.keys():
            raise Refused(400, "VALIDATION_ERROR")
        if "tag_names" in body and (named["add_tags"] or named["remove_tags"]):
            raise Refused(400, "VALIDATION_ERROR")
        whole, added, removed = (frozenset(by_name[name] for name in names) for names in named.values())
        return ((whole if "tag_names" in body else carried) | added) - removed

    def create(self, role: str, body: Row, new_id: int, *, reason: str | None = None) -> Done:
        self.check_may(role, "create")
        return self._create(role, body, new_id, reason)

    def _create(self, role: str, body: Row, new_id: int, reason: str | None) -> Done:
        row = self.planned(body, BLANK)
        bound = self.bind(role, row)
        self.check_name(row["name"], None)
        self.check_external_ids(row["external_ids"], None)
        return self._put(new_id, row, {}, role, reason, bound=bound, action="create")

    def change(
        self,
        role: str,
        instance_id: int,
        body: Row,
        seen: frozenset[int] | None,
        *,
        partly: bool = False,
        reason: str | None = None,
    ) -> Done:
        self.check_may(role, "update")
        row = self.instance(instance_id, in_bin=False)
        self.check_version(row, seen)
        if partly:
            objects = [name for name in ("custom", "external_ids") if body.get(name) is not None]
            body = {**body, **{name: merged(row[name], body[name]) for name in objects}}
        new = self.planned(body, row)
        if not self.difference(self.record(row), self.record(new)):
            return Done(version=row["version"], same_endpoint=self.same_endpoint(instance_id, row))
        moved = any(row[name] != new[name] for name in ("db_type", "host", "port", "credential_id"))
        bound = moved and self.bind(role, new)
        self.check_name(new["name"], instance_id)
        self.check_external_ids(new["external_ids"], instance_id)
        new["version"] += 1
        return self._put(instance_id, new, self.record(row), role, reason, bound=bound, action="update")

    def upsert(
        self,
        role: str,
        name: str,
        body: Row,
        seen: frozenset[int] | None,
        new_id: int,
        *,
        reason: str | None = None,
    ) -> Done:
        self.check_may(role, "update")
        body = {**body, "name": name}
        holder = next((number for number, row in self.instances.items() if row["name"] == name), None)
        if holder is None:
            if seen is not None:
                raise Refused(412, "PRECONDITION_FAILED", current_version=None)
            return self._create(role, body, new_id, reason)
        if self.instances[holder]["in_bin"]:
            raise Refused(409, "CONSTRAINT_VIOLATION", holder={"id": holder, "in_bin": True})
        return self.change(role, holder, body, seen, reason=reason)

    def _put(
        self, instance_id: int, row: Row, before: Row, role: str, reason: str | None, *, bound: bool, action: str
    ) -> Done:
        if bound:
            credential = self.things["credential"][row["credential_id"]]
            credential["endpoints"].add((row["db_type"], row["host"], row["port"]))
            credential["version"] += 1
            self.events += 1
        self.instances[instance_id] = row
        self.trace(instance_id, action, self.difference(before, self.record(row)), role, reason)
        warned = self.same_endpoint(instance_id, row)
        return Done(201 if action == "create" else 200, row["version"], warned, bound)

    def same_endpoint(self, instance_id: int, row: Row) -> tuple[int, ...]:
        """Return who else is there, outside of the recycle bin."""
        return tuple(
            number
            for number, other in sorted(self.instances.items())
            if number != instance_id
            and not other["in_bin"]
            and all(other[name] == row[name] for name in ("db_type", "host", "port"))
        )

    def delete(
        self, role: str, instance_id: int, seen: frozenset[int] | None, given: str | None, *, reason: str | None = None
    ) -> Done:
        self.check_may(role, "delete")
        row = self.instance(instance_id, in_bin=True)
        self.check_version(row, seen)
        if not row["in_bin"]:
            why = given or reason
            row.update(in_bin=True, delete_reason=why, deleted_by=role, version=row["version"] + 1)
            self.trace(instance_id, "delete", {"deleted_at": [False, True]}, role, why)
        return Done(version=row["version"])

    def restore(
        self, role: str, instance_id: int, seen: frozenset[int] | None, given: str | None, *, reason: str | None = None
    ) -> Done:
        self.check_may(role, "update")
        row = self.instance(instance_id, in_bin=True)
        self.check_version(row, seen)
        if not row["in_bin"]:
            return Done(version=row["version"])
        row.update(in_bin=False, delete_reason=None, deleted_by=None, version=row["version"] + 1)
        self.trace(instance_id, "restore", {"deleted_at": [True, False]}, role, given or reason)
        return Done(version=row["version"], same_endpoint=self.same_endpoint(instance_id, row))

    def purge(self, role: str, instance_id: int, seen: frozenset[int] | None) -> Done:
        self.check_may(role, "purge")
        row = self.instance(instance_id, in_bin=True)
        self.check_version(row, seen)
        if not row["in_bin"]:
            raise Refused(409, "CONSTRAINT_VIOLATION")
        del self.instances[instance_id]
        del self.history[instance_id]
        self.purged.add(instance_id)
        self.events += 1
        return Done()
