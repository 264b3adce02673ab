"""Carry out the steps of a batch in memory, one after the other, under the rules of single writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.db import moment
from app.core.errors import FieldFault
from app.domain.access.acting import may_act
from app.domain.access.permissions import Action
from app.domain.audit import origin, trail
from app.domain.credentials.endpoints import NewBinding
from app.domain.credentials.errors import CredentialBoundUnderTls, CredentialNotBound
from app.domain.egress.protection import Destination
from app.domain.instances.assign import plan, retired_faults
from app.domain.instances.binding import CredentialGate
from app.domain.instances.bulk import conflicts
from app.domain.instances.bulk.merging import merge
from app.domain.instances.bulk.outcome import Result
from app.domain.instances.bulk.references import References
from app.domain.instances.bulk.register import Draft, Register
from app.domain.instances.bulk.step import Step
from app.domain.instances.connection import key_faults
from app.domain.instances.lookup import LOGINS, Logins, Lookup
from app.domain.instances.record import destination_of

ACTION_OF: Mapping[str, Action] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "restore": "update",
    "tag": "update",
    "untag": "update",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One event to be written: what happened to which instance, then called so, and the bindings that came with it."""

    action: str
    draft: Draft
    name: str
    changes: Sequence[Mapping[str, Any]]
    reason: str | None = None
    bindings: Sequence[NewBinding] = ()


@dataclass(slots=True)
class Planner:
    """Plans what each step changes; `planned` holds what has to be written, in order.

    `newly_bound` are all bindings that come with it, those that are written already too.
    """

    register: Register
    references: References
    gate: CredentialGate
    operator_id: int | None
    granted: frozenset[Action] = frozenset()
    planned: list[Planned] = field(default_factory=list)
    newly_bound: list[NewBinding] = field(default_factory=list)
    _allowed: dict[Action, bool] = field(default_factory=dict)

    def refused(self, step: Step) -> list[FieldFault]:
        """Return what is wrong with the step whatever it is about."""
        if not step.op:
            return step.faults
        action = ACTION_OF[step.op]
        if action not in self._allowed:
            self._allowed[action] = action in self.granted or may_act(self.operator_id, action)
        not_permitted = [] if self._allowed[action] else [FieldFault("op", "not_permitted", {"action": action})]
        return [*not_permitted, *step.faults]

    def create(self, step: Step) -> Result:
        """Plan a new instance."""
        given, found = step.given, self.references.look_up(step)
        faults = [*self.refused(step), *found.faults, *_below_data(retired_faults(given, was_retired=False))]
        logins = self._logins(step)
        faults += conflicts.name_faults(self.register, given.get("name"), but=None)
        faults += conflicts.external_id_faults(self.register, given.get("external_ids"), but=None)
        bindings: Sequence[NewBinding] = ()
        if not step.faults:
            faults += _below_data(key_faults(given, None, None))
            bindings = self._bindings(logins, destination_of(given), faults)
        if faults:
            return Result(step.index, step.op, "error", _text(given.get("name")), faults=faults)
        record = _planned(given, found, logins, was_retired=False)
        draft = self.register.add(record, made_by=step.index)
        changes = trail.difference({}, record)
        self._note("create", draft, changes, bindings=bindings)
        return Result(step.index, step.op, "created", draft.name, draft, changes=changes)

    def change(self, step: Step, draft: Draft) -> Result:
        """Plan new values of an instance, or other tags."""
        found = self.references.look_up(step)
        was_retired = draft.record["lifecycle"] == "retired"
        faults = [*self.refused(step), *found.faults, *conflicts.bin_faults(draft)]
        faults += _below_data(retired_faults(step.given, was_retired=was_retired))
        given, too_many = merge(step, draft)
        faults += too_many
        faults += conflicts.name_faults(self.register, given.get("name"), but=draft)
        faults += conflicts.external_id_faults(self.register, given.get("external_ids"), but=draft)
        logins, bindings = self._logins(step), list[NewBinding]()
        if not step.faults:
            faults += _below_data(key_faults(given, draft.record["tls_client_cert"], draft.record["tls_client_key"]))
            bindings = self._bindings_of_change(draft, given, logins, faults)
        if faults:
            return self._failed(step, draft, faults)
        planned = _planned(given, found, logins, was_retired=was_retired)
        changes = trail.difference(draft.record, {**draft.record, **planned})
        if not changes:
            return Result(step.index, step.op, "unchanged", draft.name, draft)
        self.register.change(draft, planned)
        self._note("update", draft, changes, bindings=bindings)
        return Result(step.index, step.op, "updated", draft.name, draft, changes=changes)

    def delete(self, step: Step, draft: Draft) -> Result:
        """Plan the way into the recycle bin; the first deletion stays as it is."""
        faults = self.refused(step)
        if faults:
            return self._failed(step, draft, faults)
        if draft.deleted_at is not None:
            return Result(step.index, step.op, "unchanged", draft.name, draft)
        draft.deleted_at, draft.delete_reason = moment(), step.given.get("reason") or origin.current().reason
        changes = [{"field": "deleted_at", "before": None, "after": draft.deleted_at.isoformat()}]
        self._note("delete", draft, changes, reason=step.given.get("reason"))
        return Result(step.index, step.op, "deleted", draft.name, draft, changes=changes)

    def restore(self, step: Step, draft: Draft) -> Result:
        """Plan the way out of the recycle bin."""
        faults = self.refused(step)
        if faults:
            return self._failed(step, draft, faults)
        if draft.deleted_at is None:
            return Result(step.index, step.op, "unchanged", draft.name, draft)
        changes = [{"field": "deleted_at", "before": draft.deleted_at.isoformat(), "after": None}]
        draft.deleted_at = draft.delete_reason = None
        self._note("restore", draft, changes, reason=step.given.get("reason"))
        return Result(step.index, step.op, "restored", draft.name, draft, changes=changes)

    def _note(
        self,
        action: str,
        draft: Draft,
        changes: Sequence[Mapping[str, Any]],
        *,
        reason: str | None = None,
        bindings: Sequence[NewBinding] = (),
    ) -> None:
        draft.version += 1
        draft.is_dirty = True
        self.planned.append(Planned(action, draft, draft.name, changes, reason, bindings))
        for binding in bindings:
            self.references.note_bound(binding)
            self.newly_bound.append(binding)

    @staticmethod
    def _failed(step: Step, draft: Draft, faults: Sequence[FieldFault]) -> Result:
        return Result(step.index, step.op, "error", draft.name, draft, faults=faults)

    def _logins(self, step: Step) -> Logins:
        ids = {name: getattr(step.references, f"{name}_id") or 0 for name in LOGINS}
        return Logins(**{name: self.references.credentials.get(one) for name, one in ids.items()})

    def _bindings_of_change(
        self, draft: Draft, given: Mapping[str, Any], logins: Logins, faults: list[FieldFault]
    ) -> list[NewBinding]:
        """Ask the gate for each credential that becomes another one, or for both when the endpoint or its TLS does."""
        there = destination_of({**draft.record, **given})
        moves = there != destination_of(draft.record)
        asked = {}
        for name in LOGINS:
            own, new = draft.record[name], getattr(logins, name)
            if f"{name}_id" not in given and own and moves:
                new = self.references.get_credential(own["id"])
            if new is not None and (moves or own is None or new.id != own["id"]):
                asked[name] = new
        return self._bindings(Logins(**asked), there, faults)

    def _bindings(self, logins: Logins, there: Destination, faults: list[FieldFault]) -> list[NewBinding]:
        found = []
        for name in LOGINS:
            credential = getattr(logins, name)
            if credential is None:
                continue
            bound = self.references.bound_under(credential, there.endpoint)
            try:
                new = self.gate.check(credential, there, bound=bound, operator_id=self.operator_id)
            except CredentialNotBound as exc:
                faults.append(_fault_of(exc, f"data.{name}_id"))
                continue
            found += [new] if new is not None else []
        return found


def _fault_of(refusal: CredentialNotBound, path: str) -> FieldFault:
    told = refusal.params
    name, there = told["name"], told["endpoint"]
    if not isinstance(refusal, CredentialBoundUnderTls):
        return FieldFault(path, "not_bound", {"name": name, "endpoint": there})
    tls = told["tls"]
    return FieldFault(
        path, "bound_under_tls", {"name": name, "endpoint": there, "tls": tls, "tls_there": told["tls_there"]}
    )


def _planned(given: Mapping[str, Any], found: Lookup, logins: Logins, *, was_retired: bool) -> dict[str, Any]:
    planned = plan(given, found, logins, was_retired=was_retired)
    if "tag_names" in given:
        planned["tag_names"] = sorted(given["tag_names"] or ())
    if "external_ids" in planned:
        planned["external_ids"] = dict(sorted(planned["external_ids"].items()))
    return planned


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _below_data(faults: Sequence[FieldFault]) -> list[FieldFault]:
    return [replace(fault, path=f"data.{fault.path}") for fault in faults]
