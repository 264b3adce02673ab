"""Carry out a plan, one call a change: each says which version it has seen, so nobody's work is overwritten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from app.cli.client.api import Answer, Api, Note
from app.cli.client.errors import CallRefused
from app.cli.inventory.kinds import REFERENCES, Record, Thing
from app.cli.inventory.loading import FilesInvalid
from app.cli.inventory.planning import Change, Plan
from app.cli.inventory.register import Register
from app.cli.inventory.secrets import SecretReference

_OF_ONE_THING = frozenset({400, 403, 404, 409, 412, 422})
_CHANGED_MEANWHILE = 412
_NOT_BOUND = "CREDENTIAL_NOT_BOUND"  # what to do about it is for somebody else, who has to be told
_ID_FIELDS: Mapping[str, str] = {name: f"{name}_id" for name in ("cluster", "credential", "admin_credential")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change; `failure` says why not, `warnings` what is worth a second look."""

    change: Change
    failure: str | None = None
    warnings: Sequence[str] = ()


def check_secrets(plan: Plan) -> None:
    """Refuse a plan that creates a thing whose secret is not here.

    :raises FilesInvalid: naming each.
    """
    faults = []
    for change in plan.changes:
        entry, field = change.entry, change.kind.secret
        if entry is None or field is None or not _is_new(change):
            continue
        if entry.secret is None:
            faults.append(entry.fault(f"{field}: A new {change.kind.name} needs one: {{env: NAME}} or {{file: PATH}}."))
        elif entry.secret.resolve() is None:
            faults.append(entry.fault(f"{field}: {entry.secret} is not there, or empty.", field))
    if faults:
        raise FilesInvalid(faults)


class Applying:
    """Carry out the changes of a plan in its order; what fails by itself does not stop the others."""

    def __init__(self, api: Api, register: Register, *, note: Note) -> None:
        self._api = api
        self._note = note
        self._ids = {
            section: {name: int(thing["id"]) for name, thing in things.items()}
            for section, things in register.things.items()
        }

    def carry_out(self, plan: Plan) -> Iterator[Outcome]:
        """Yield the outcome of each change as it comes.

        :raises CallFailed: Muster is not there any more, or lets nobody in; nothing after it was tried.
        """
        for change in plan.changes:
            try:
                answer = self._carry_out(change)
            except CallRefused as exc:
                if exc.status not in _OF_ONE_THING:
                    raise
                yield Outcome(change, _why(exc))
            else:
                warnings = [str(warning["message"]) for warning in answer.meta.get("warnings", ())]
                yield Outcome(change, warnings=warnings)

    def _carry_out(self, change: Change) -> Answer:
        path = f"{change.kind.path}/{change.id}"
        if change.action == "create":
            answer = self._api.write("POST", change.kind.path, self._body(change), note=self._note)
            self._ids[change.kind.section][change.name] = int(_thing(answer, change)["id"])
            return answer
        if change.action == "delete":
            return self._api.write("DELETE", path, note=self._note, if_match=change.version)
        version = change.version
        if change.action == "restore":
            answer = self._api.write("POST", f"{path}/restore", note=self._note, if_match=version)
            if not change.fields:
                return answer
            version = int(_thing(answer, change)["version"])
        return self._api.write("PUT", path, self._body(change), note=self._note, if_match=version)

    def _body(self, change: Change) -> Record:
        body = dict(change.record)
        if change.kind.name == "instance":
            for field, id_field in _ID_FIELDS.items():
                name = body.pop(field)
                body[id_field] = None if name is None else self._id_of(REFERENCES[field], name)
            body["tag_names"] = body.pop("tags")
            if not body.pop("tls_client_key_set"):
                body["tls_client_key"] = None
        secret = change.entry.secret if change.entry is not None else None
        if change.kind.secret is not None and secret is not None and _sends_secret(change):
            body[change.kind.secret] = _resolved(secret)
        return body

    def _id_of(self, section: str, name: str) -> int:
        found = self._ids[section].get(name)
        if found is None:  # its own creation has failed
            raise CallRefused(_OF_ONE_THING_MISSING, {"message": f"There is no {section.removesuffix('s')} {name}."})
        return found


_OF_ONE_THING_MISSING = 404


def _is_new(change: Change) -> bool:
    """Tell whether the secret of the thing is none that the register may have."""
    if change.kind.name == "credential":
        return change.action == "create"
    return any(one.field == "tls_client_key_set" and one.after for one in change.fields)


def _sends_secret(change: Change) -> bool:
    return _is_new(change) or any(one.secret for one in change.fields)


def _resolved(secret: SecretReference) -> str:
    password = secret.resolve()
    if password is None:
        raise click.ClickException(f"{secret} was there and is not any more.")
    return password


def _thing(answer: Answer, change: Change) -> Thing:
    found: Thing = answer.data[change.kind.name]
    return found


def _why(exc: CallRefused) -> str:
    if exc.status == _CHANGED_MEANWHILE:
        return "Somebody has changed it since it was compared: plan again."
    users: Any = exc.extra.get("instances") or ()
    used_by = ", ".join(f"{one['name']} (in the recycle bin)" if one.get("in_bin") else one["name"] for one in users)
    more = exc.extra.get("used_by_count", 0) - len(users)
    if used_by:
        return f"{exc.summary} Used by {used_by}{f' and {more} more' if more > 0 else ''}."
    if exc.body.get("message_code") == _NOT_BOUND:
        return ". ".join([exc.summary, *exc.body.get("suggestions", ())])
    return exc.summary
