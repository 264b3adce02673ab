"""Holds each answer, and all that is stored, against the model; what is called stands in `register_machine.py`."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.integration import register_calls as calls
from tests.integration.register_calls import How, if_match
from tests.support import reference_model, register_model
from tests.support.reference_model import Done, Refused
from tests.support.refilled import Refilled
from tests.support.register_model import RegisterModel

V1 = "/api/v1"
_STORED = " UNION ALL ".join(
    f"SELECT '{kind}', id, version FROM {kind}s" for kind in ("instance", "tag", "environment", "cluster", "credential")
)
_EVENTS = (
    "SELECT count(*) FROM audit_events WHERE entity_type IN ('instance', 'tag', 'environment', 'cluster', 'credential')"
)
_TIMES = {"id", "created_at", "updated_at", "deleted_at"}

Change = Callable[[RegisterModel, int], Done]
Subject = tuple[str, int | None]  # the kind of a thing and its id, None for a new one
Call = tuple[str, Any]  # path and body of a POST


def reduced(instance: dict[str, Any]) -> dict[str, Any]:
    """Return of a detail what the model knows as well."""
    cluster, credential = instance["cluster"], instance["credential"]
    return {
        **{name: instance[name] for name in (*register_model.SCALARS, *register_model.NEVER_SET, "environment")},
        "cluster": cluster and {"id": cluster["id"], "name": cluster["name"]},
        "credential": credential and {"id": credential["id"], "name": credential["name"]},
        "tag_names": [tag["name"] for tag in instance["tags"]],
        "external_ids": instance["external_ids"],
        "version": instance["version"],
        "status": instance["status"],
        "delete_reason": instance["delete_reason"],
        "deleted_by": instance["deleted_by"] and instance["deleted_by"]["username"],
    }


def expected(model: RegisterModel, instance_id: int) -> dict[str, Any]:
    row = model.instances[instance_id]
    status = "deleted" if row["in_bin"] else "active" if row["is_active"] else "inactive"
    also = {name: row[name] for name in ("version", "delete_reason", "deleted_by")}
    return {**model.record(row), **also, "status": status}


def told(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the changes of an event as the model keeps them; of a deletion only that there is a time."""
    pairs = {change["field"]: [change["before"], change["after"]] for change in changes}
    return {name: [one is not None for one in pair] if name == "deleted_at" else pair for name, pair in pairs.items()}


def equal(found: Any, wanted: Any) -> None:
    assert found == wanted
    assert register_model.same(found, wanted), "true, 1 and 1.0 are three values"


def check_same(first: Any, again: Any) -> None:
    assert (again.status_code, again.data) == (first.status_code, first.data), (again.json, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("ETag", "Location"):
        assert again.headers.get(name) == first.headers.get(name)


def _timeless(data: Any) -> Any:
    """Return an answer without what differs from call to call."""
    if isinstance(data, dict):
        return {name: _timeless(value) for name, value in data.items() if name not in _TIMES}
    return data


class RegisterPlayer(RuleBasedStateMachine):
    """Sends a call to the API and to the model; `house` is what it is played on."""

    house: Refilled

    @initialize()
    def begin(self) -> None:
        self.house.refill()
        self.callers = self.house.callers
        self.model = RegisterModel()
        for kind, title in reference_model.TITLES.items():
            for row in self.get(f"/{kind}s?limit=100")["items"]:
                kept = {
                    name: row[name] for name in (title, "version", "kind", "username", "description") if name in row
                }
                self.model.things[kind][row["id"]] = {"description": None, **kept, "endpoints": set()}
        for instance, body in zip(
            self.get("/instances?include_deleted=true&sort=id")["items"], calls.SEED, strict=True
        ):
            self.model.create("admin", body, instance["id"])
        self.model.delete("admin", instance["id"], None, None)
        self.events_before = self.house.rows(_EVENTS)[0][0] - self.model.events
        self.kept: dict[tuple[str, str], tuple[Call, Any]] = {}

    def get(self, path: str, role: str = "admin") -> Any:
        answer = self.callers[role].get(V1 + path)
        assert answer.status_code == 200, answer.json
        return answer.json["data"]

    # How every write is sent and held against the model

    def write(
        self,
        how: How,
        method: str,
        path: str,
        body: Any,
        change: Change,
        *,
        subject: Subject,
        version: int,
    ) -> None:
        """Send one write; `subject` is the kind of the thing and its id, None for a new one."""
        header, _ = if_match(how.seen, version)
        headers = {"If-Match": header, "X-Change-Reason": how.note}
        headers = {name: value for name, value in headers.items() if value is not None}
        caller = self.callers[how.role]
        query = "&" if "?" in path else "?"
        model, done = self.predicted(change)
        key = how.key if method == "POST" else None
        if key:
            headers["Idempotency-Key"] = key
        rehearsed = None
        if how.rehearsal != "none":
            rehearsed = caller.call(method, f"{V1}{path}{query}dry_run=true", body, headers=headers)
            self.compare(rehearsed, done, model, subject, rehearsal=True)
        if how.rehearsal == "only":
            return
        answer = caller.call(method, V1 + path, body, headers=headers)
        if key and self.answered_before((how.role, key), (path, body), answer, done):
            return
        if isinstance(done, Done):
            if done.status == 201:
                (made,) = answer.json["data"].values()
                self.check_new(subject[0], made["id"])
                subject = (subject[0], made["id"])
            done = change(self.model, subject[1] or 0)
        self.compare(answer, done, self.model, subject, rehearsal=False)
        if rehearsed is not None:
            self.compare_both(rehearsed, answer, subject)
        if isinstance(done, Done) and subject[0] == "instance" and subject[1] in self.model.instances:
            self.check_instance(subject[1])

    def predicted(self, change: Change) -> tuple[RegisterModel, Done | Refused]:
        model = copy.deepcopy(self.model)
        try:
            return model, change(model, 0)
        except Refused as refused:
            return self.model, refused

    def answered_before(self, key: tuple[str, str], call: Call, answer: Any, done: Done | Refused) -> bool:
        """Tell whether the key belongs to an earlier call, whose answer this has to be."""
        if isinstance(done, Refused) and done.code == "PERMISSION_REQUIRED":
            return False
        if key not in self.kept:
            if isinstance(done, Done):
                self.kept[key] = (call, answer)
            return False
        first_call, first = self.kept[key]
        if register_model.same(first_call, call):
            check_same(first, answer)
        else:
            assert (answer.status_code, answer.json["message_code"]) == (422, "IDEMPOTENCY_KEY_REUSED"), answer.json
        return True

    def check_new(self, kind: str, new_id: int) -> None:
        taken = self.model.things[kind] if kind != "instance" else {*self.model.instances, *self.model.purged}
        assert new_id not in taken, f"{kind} {new_id} was there before"

    def compare(
        self,
        answer: Any,
        done: Done | Refused,
        model: RegisterModel,
        subject: Subject,
        *,
        rehearsal: bool,
    ) -> None:
        if isinstance(done, Refused):
            found = (answer.status_code, answer.json.get("message_code"))
            assert found == (done.status, done.code), (answer.json, done)
            extra = answer.json.get("extra", {})
            assert {name: extra.get(name) for name in done.extra} == done.extra, (answer.json, done)
            return
        assert answer.status_code == (200 if rehearsal else done.status), (answer.json, done)
        kind, number = subject[0], 0 if rehearsal and done.status == 201 else subject[1]
        meta = answer.json.get("meta") or {}
        assert ("dry_run" in meta) is rehearsal
        warned = {one["code"]: [other["id"] for other in one["instances"]] for one in meta.get("warnings", [])}
        assert tuple(warned.pop("instance.same_endpoint", ())) == done.same_endpoint
        assert ("credential.newly_bound" in warned) is done.newly_bound
        if not rehearsal and done.version is not None:
            assert answer.headers["ETag"] == f'"{done.version}"'
        if answer.json["data"] is None or "instance_id" in answer.json["data"]:
            return
        if kind == "instance":
            equal(reduced(answer.json["data"]["instance"]), expected(model, number))
        else:
            title = reference_model.TITLES[kind]
            shown, row = answer.json["data"][kind], model.things[kind][number]
            assert (shown[title], shown["version"]) == (row[title], row["version"])

    def compare_both(self, rehearsed: Any, answer: Any, subject: Subject) -> None:
        """A rehearsal says what the write then does."""
        if answer.status_code >= 400:
            assert rehearsed.json["message_code"] == answer.json["message_code"]
            return
        assert rehearsed.json["message"] != answer.json["message"]
        equal(_timeless(rehearsed.json["data"]), _timeless(answer.json["data"]))
        would = [event for event in rehearsed.json["meta"]["dry_run"]["changes"] if event["entity_type"] == "instance"]
        if subject[0] == "instance" and would and subject[1] in self.model.history:
            equal([told(event["changes"]) for event in would], [self.model.history[subject[1]][-1]["changes"]])

    # What holds after each step

    def check_instance(self, instance_id: int) -> None:
        """Compare detail and history of one instance."""
        row = self.model.instances[instance_id]
        path = f"{V1}/instances/{instance_id}"
        plain = self.callers["viewer"].get(path)
        assert plain.status_code == (404 if row["in_bin"] else 200)
        shown = self.get(f"/instances/{instance_id}?include_deleted=true", "viewer")["instance"]
        equal(reduced(shown), expected(self.model, instance_id))
        history = self.get(f"/instances/{instance_id}/history?limit=100")
        wanted = self.model.history[instance_id][::-1]
        found = [
            {
                "action": event["action"],
                "changes": told(event["changes"]),
                "actor": event["actor"]["username"],
                "reason": event["reason"],
            }
            for event in history["items"]
        ]
        assert history["total"] == len(wanted)
        equal(found, wanted[:100])

    @invariant()
    def versions_and_events_are_those_of_the_model(self) -> None:
        rows = {("instance", number): row["version"] for number, row in self.model.instances.items()}
        for kind, things in self.model.things.items():
            rows |= {(kind, number): row["version"] for number, row in things.items()}
        assert {(kind, number): version for kind, number, version in self.house.rows(_STORED)} == rows
        assert self.house.rows(_EVENTS)[0][0] - self.events_before == self.model.events

    @invariant()
    def the_list_is_the_model(self) -> None:
        page = self.get("/instances?include_deleted=true&limit=100&sort=id", "viewer")
        assert [item["id"] for item in page["items"]] == sorted(self.model.instances)
        for item in page["items"]:
            wanted = expected(self.model, item["id"])
            assert [tag["name"] for tag in item["tags"]] == wanted["tag_names"]
            names = {*item} & {*wanted}
            assert {name: item[name] for name in names} == {name: wanted[name] for name in names}
