"""A machine that calls the API as it likes, and holds each answer and all that is stored against the model."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.integration import register_calls as calls
from tests.integration.register_calls import HOW, LOOKS, NEEDED, REASON, THINGS, TITLES, UNKNOWN, WHICH, How, if_match
from tests.support import register_model
from tests.support.refilled import Refilled
from tests.support.register_model import Done, Refused, RegisterModel

V1 = "/api/v1"
_STORED = " UNION ALL ".join(
    f"SELECT '{kind}', id, version FROM {kind}s" for kind in ("instance", "tag", "environment", "cluster", "credential")
)
_EVENTS = (
    "SELECT count(*) FROM audit_events"
    " WHERE entity_type IN ('instance', 'tag', 'environment', 'cluster', 'credential')"
)
_TIMES = {"id", "created_at", "updated_at", "deleted_at"}

Change = Callable[[RegisterModel, int], Done]
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
    assert found == wanted and register_model.same(found, wanted), f"found {found}\nwanted {wanted}"


def check_same(first: Any, again: Any) -> None:
    assert (again.status_code, again.data) == (first.status_code, first.data), (again.json, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("ETag", "Location"):
        assert again.headers.get(name) == first.headers.get(name)


class RegisterMachine(RuleBasedStateMachine):
    """One life of a register; `house` is what it is played on."""

    house: Refilled

    @initialize()
    def begin(self) -> None:
        self.house.refill()
        self.callers = self.house.callers
        self.model = RegisterModel()
        for kind, title in register_model.TITLES.items():
            for row in self.get(f"/{kind}s?limit=100")["items"]:
                kept = {name: row[name] for name in (title, "version", "kind", "username", "description") if name in row}
                self.model.things[kind][row["id"]] = {"description": None, **kept, "endpoints": set()}
        for instance, body in zip(self.get("/instances?include_deleted=true&sort=id")["items"], calls.SEED, strict=True):
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
        self, how: How, method: str, path: str, body: Any, change: Change, *, subject: tuple[str, int | None], version: int
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

    @rule(which=WHICH)
    def repeat(self, which: int) -> None:
        """A caller who did not hear the answer asks again, whatever has happened since."""
        if self.kept:
            role, key = sorted(self.kept)[which % len(self.kept)]
            (path, body), first = self.kept[role, key]
            check_same(first, self.callers[role].post(V1 + path, body, headers={"Idempotency-Key": key}))

    def check_new(self, kind: str, new_id: int) -> None:
        taken = self.model.things[kind] if kind != "instance" else {*self.model.instances, *self.model.purged}
        assert new_id not in taken, f"{kind} {new_id} was there before"

    def compare(
        self, answer: Any, done: Done | Refused, model: RegisterModel, subject: tuple[str, int | None], *, rehearsal: bool
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
            title = register_model.TITLES[kind]
            shown, row = answer.json["data"][kind], model.things[kind][number]
            assert (shown[title], shown["version"]) == (row[title], row["version"])

    def compare_both(self, rehearsed: Any, answer: Any, subject: tuple[str, int | None]) -> None:
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

    # Instances

    def target(self, which: int) -> tuple[int, dict[str, Any]]:
        known = sorted(self.model.purged if which == 8 else self.model.instances)
        number = known[which % len(known)] if known and which < 9 else UNKNOWN
        return number, self.model.instances.get(number, {"version": 1})

    def resolved(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body with ids in place of positions."""
        found = dict(body)
        for kind in ("cluster", "credential"):
            position = found.get(f"{kind}_id")
            if position is not None:
                known = sorted(self.model.things[kind])
                found[f"{kind}_id"] = known[position] if position < len(known) else UNKNOWN
        return found

    @rule(body=calls.whole(**calls.NAME), how=HOW)
    def create(self, body: dict[str, Any], how: How) -> None:
        body, how = self.resolved(body), _unseen(how)
        self.write(
            how,
            "POST",
            "/instances",
            body,
            lambda model, new: model.create(how.role, body, new, reason=how.note),
            subject=("instance", None),
            version=0,
        )

    @rule(which=WHICH, body=calls.whole(**calls.NAME), how=HOW)
    def put(self, which: int, body: dict[str, Any], how: How) -> None:
        self._change("PUT", which, body, how)

    @rule(which=WHICH, body=calls.partial(), how=HOW)
    def patch(self, which: int, body: dict[str, Any], how: How) -> None:
        self._change("PATCH", which, body, how)

    def _change(self, method: str, which: int, body: dict[str, Any], how: How) -> None:
        number, row = self.target(which)
        body, (_, seen) = self.resolved(body), if_match(how.seen, row["version"])
        self.write(
            how,
            method,
            f"/instances/{number}",
            body,
            lambda model, _: model.change(how.role, number, body, seen, partly=method == "PATCH", reason=how.note),
            subject=("instance", number),
            version=row["version"],
        )

    @rule(which=WHICH, body=calls.MEMBERS)
    def patch_members(self, which: int, body: dict[str, Any]) -> None:
        """Objects are merged member by member, and a member of another type is another one."""
        self._change("PATCH", which, body, calls.PLAINLY)

    @rule(which=WHICH, body=calls.MOVES, role=st.sampled_from(["operator", "dba"]))
    def move(self, which: int, body: dict[str, Any], role: str) -> None:
        """A credential goes where it may, or where somebody sends it who may."""
        self._change("PATCH", which, body, replace(calls.PLAINLY, role=role))

    @rule(which=WHICH, how=HOW)
    def put_what_is_there(self, which: int, how: How) -> None:
        """A write that changes nothing."""
        number, row = self.target(which)
        if len(row) > 1:
            body = {name: row[name] for name in ("name", "db_type", "host", "port", "description", "custom")}
            self._change("PUT", which, body, how)

    @rule(name=st.sampled_from(calls.NAMES), body=calls.whole(), how=HOW)
    def upsert(self, name: str, body: dict[str, Any], how: How) -> None:
        body = self.resolved(body)
        holder = next((number for number, row in self.model.instances.items() if row["name"] == name), None)
        version = self.model.instances[holder]["version"] if holder else 1
        _, seen = if_match(how.seen, version)
        self.write(
            how,
            "PUT",
            f"/instances/by-name/{name}",
            body,
            lambda model, new: model.upsert(how.role, name, body, seen, new, reason=how.note),
            subject=("instance", holder),
            version=version,
        )

    @rule(which=WHICH, verb=st.sampled_from(["DELETE", "POST"]), given=REASON, how=HOW)
    def delete(self, which: int, verb: str, given: str | None, how: How) -> None:
        number, row = self.target(which)
        _, seen = if_match(how.seen, row["version"])
        self.write(
            how,
            verb,
            f"/instances/{number}{'/delete' if verb == 'POST' else ''}",
            {"reason": given},
            lambda model, _: model.delete(how.role, number, seen, given, reason=how.note),
            subject=("instance", number),
            version=row["version"],
        )

    @rule(which=WHICH, given=REASON, how=HOW)
    def restore(self, which: int, given: str | None, how: How) -> None:
        number, row = self.target(which)
        _, seen = if_match(how.seen, row["version"])
        self.write(
            how,
            "POST",
            f"/instances/{number}/restore",
            {"reason": given},
            lambda model, _: model.restore(how.role, number, seen, given, reason=how.note),
            subject=("instance", number),
            version=row["version"],
        )

    @rule(which=WHICH, how=HOW)
    def purge(self, which: int, how: How) -> None:
        number, row = self.target(which)
        _, seen = if_match(how.seen, row["version"])
        self.write(
            how,
            "POST",
            f"/instances/{number}/purge",
            {},
            lambda model, _: model.purge(how.role, number, seen),
            subject=("instance", number),
            version=row["version"],
        )

    @rule(body=calls.whole(**calls.NAME), how=HOW, wrong=st.sampled_from([("port", 0), ("nonsense", 1), ("host", "")]))
    def create_nonsense(self, body: dict[str, Any], how: How, wrong: tuple[str, Any]) -> None:
        answer = self.callers[how.role].post(f"{V1}/instances", {**self.resolved(body), wrong[0]: wrong[1]})
        assert answer.status_code == (403 if how.role == "viewer" else 400)

    # Tags, environments, clusters, credentials

    def thing_of(self, kind: str, which: int) -> tuple[int, dict[str, Any]]:
        known = sorted(self.model.things[kind])
        number = known[which % len(known)] if known and which < 9 else UNKNOWN
        return number, self.model.things[kind].get(number, {"version": 1})

    @rule(kind=THINGS, which=WHICH, how=HOW)
    def create_thing(self, kind: str, which: int, how: How) -> None:
        title, how = TITLES[kind][which % len(TITLES[kind])], _unseen(how)
        body = {register_model.TITLES[kind]: title, **NEEDED[kind]}
        secret = {"password": "s3cret-of-a-login"} if kind == "credential" else {}
        self.write(
            how,
            "POST",
            f"/{kind}s",
            {**body, **secret},
            lambda model, new: model.create_thing(how.role, kind, body, new),
            subject=(kind, None),
            version=0,
        )

    @rule(kind=THINGS, which=WHICH, method=st.sampled_from(["PUT", "PATCH"]), title=st.integers(0, 3), how=HOW)
    def change_thing(self, kind: str, which: int, method: str, title: int, how: How) -> None:
        number, row = self.thing_of(kind, which)
        _, seen = if_match(how.seen, row["version"])
        body = {register_model.TITLES[kind]: TITLES[kind][title % len(TITLES[kind])]}
        if kind != "environment":
            body["description"] = [None, "for it"][which % 2]
        if method == "PUT":
            body |= NEEDED[kind]
        self.write(
            how,
            method,
            f"/{kind}s/{number}",
            body,
            lambda model, _: model.change_thing(how.role, kind, number, body, seen),
            subject=(kind, number),
            version=row["version"],
        )

    @rule(kind=THINGS, which=WHICH, detach=st.booleans(), how=HOW)
    def delete_thing(self, kind: str, which: int, detach: bool, how: How) -> None:
        number, row = self.thing_of(kind, which)
        _, seen = if_match(how.seen, row["version"])
        detach = detach and kind == "tag"
        carriers = self.model.users(kind, number)
        self.write(
            how,
            "DELETE",
            f"/{kind}s/{number}{'?detach=true' if detach else ''}",
            None,
            lambda model, _: model.delete_thing(how.role, kind, number, seen, detach=detach, reason=how.note),
            subject=(kind, number),
            version=row["version"],
        )
        for instance_id in carriers:
            self.check_instance(instance_id)

    # Looking

    @rule(look=LOOKS, limit=st.integers(1, 3), page=st.integers(1, 3), order=st.sampled_from(["asc", "desc"]))
    def look(self, look: dict[str, Any], limit: int, page: int, order: str) -> None:
        asked = {**look, "limit": limit, "page": page, "sort": "name", "order": order}
        answer = self.callers["viewer"].get(f"{V1}/instances", query_string=asked)
        found = answer.json["data"]
        wanted = sorted(
            (row["name"] for row in self.model.instances.values() if self._matches(row, look)), reverse=order == "desc"
        )
        assert (found["total"], found["pages"]) == (len(wanted), -(-len(wanted) // limit))
        assert [item["name"] for item in found["items"]] == wanted[(page - 1) * limit : page * limit]

    def _matches(self, row: dict[str, Any], look: dict[str, Any]) -> bool:
        status = "deleted" if row["in_bin"] else "active" if row["is_active"] else "inactive"
        text = "\n".join([row["name"], row["host"], row["description"] or ""]).lower()
        return (
            (status == look["status"] if "status" in look else not row["in_bin"] or look.get("include_deleted", False))
            and look.get("db_type", row["db_type"]) == row["db_type"]
            and look.get("search", "").lower() in text
            and {*look.get("tags", ())} <= {*self.model.tag_names(row["tags"])}
        )

    @rule(kind=THINGS)
    def look_at_things(self, kind: str) -> None:
        title = register_model.TITLES[kind]
        found = {row["id"]: (row[title], row["version"], row["usage_count"]) for row in self.get(f"/{kind}s?limit=100")["items"]}
        things = self.model.things[kind].items()
        assert found == {number: (row[title], row["version"], len(self.model.users(kind, number))) for number, row in things}


def _unseen(how: How) -> How:
    """A call that makes something has seen no version of it."""
    return replace(how, seen="nothing")


def _timeless(data: Any) -> Any:
    """Return an answer without what differs from call to call."""
    if isinstance(data, dict):
        return {name: _timeless(value) for name, value in data.items() if name not in _TIMES}
    return data
