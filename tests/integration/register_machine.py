"""A machine that calls the API as it likes."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration import register_calls as calls
from tests.integration.register_calls import HOW, LOOKS, NEEDED, REASON, THINGS, TITLES, UNKNOWN, WHICH, How, if_match
from tests.integration.register_player import V1, RegisterPlayer, check_same
from tests.support import reference_model


def _unseen(how: How) -> How:
    """A call that makes something has seen no version of it."""
    return replace(how, seen="nothing")


class RegisterMachine(RegisterPlayer):
    """One life of a register."""

    @rule(which=WHICH)
    def repeat(self, which: int) -> None:
        """A caller who did not hear the answer asks again, whatever has happened since."""
        if self.kept:
            role, key = sorted(self.kept)[which % len(self.kept)]
            (path, body), first = self.kept[role, key]
            check_same(first, self.callers[role].post(V1 + path, body, headers={"Idempotency-Key": key}))

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
        _, row = self.target(which)
        if len(row) > 1:
            body = {name: row[name] for name in ("name", "db_type", "host", "port", "description", "custom")}
            self._change("PUT", which, body, how)

    @rule(name=st.sampled_from(calls.NAMES), body=calls.whole(), how=HOW)
    def upsert(self, name: str, body: dict[str, Any], how: How) -> None:
        body = self.resolved(body)
        holder = next((number for number, row in self.model.instances.items() if row["name"] == name), None)
        version = self.model.instances[holder]["version"] if holder else 1
        header, seen = if_match(how.seen, version)
        if header and holder is None:
            seen = frozenset()  # not even `*` names a version of what is not there
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
        body = {reference_model.TITLES[kind]: title, **NEEDED[kind]}
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
        body = {reference_model.TITLES[kind]: TITLES[kind][title % len(TITLES[kind])]}
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
        title = reference_model.TITLES[kind]
        found = {
            row["id"]: (row[title], row["version"], row["usage_count"])
            for row in self.get(f"/{kind}s?limit=100")["items"]
        }
        things = self.model.things[kind].items()
        assert found == {
            number: (row[title], row["version"], len(self.model.users(kind, number))) for number, row in things
        }
