"""Carry out the steps of a batch in memory, one after the other, under the rules of single writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.db import moment
from app.core.errors import FieldFault
from app.domain.access.acting import may_act
from app.domain.access.permissions import Action
from app.domain.audit import origin, trail
from app.domain.credentials.errors import CredentialNotBound
from app.domain.egress.endpoint import Endpoint, host_key
from app.domain.instances.assign import plan, retired_faults
from app.domain.instances.binding import CredentialGate, NewBinding
from app.domain.instances.bulk import conflicts
from app.domain.instances.bulk.merging import merge
from app.domain.instances.bulk.outcome import Result
from app.domain.instances.bulk.references import References
from app.domain.instances.bulk.register import Draft, Register
from app.domain.instances.bulk.step import Step
from app.domain.instances.lookup import Lookup
from app.models import Credential

ACTION_OF: Mapping[str, Action] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "restore": "update",
    "tag": "update",
    "untag": "update",
}
_ENDPOINT = ("db_type", "host", "port")


@dataclass(frozen=True, slots=True)
class Planned:
    """One event to be written: what happened to which instance, then called so, and the binding that came with it."""

    action: str
    draft: Draft
    name: str
    changes: Sequence[Mapping[str, Any]]
    reason: str | None = None
    binding: NewBinding | None = None


@dataclass(slots=True)
class Planner:
    """Plans what each step changes; `planned` holds what has to be written, in order."""

    register: Register
    references: References
    gate: CredentialGate
    operator_id: int | None
    granted: frozenset[Action] = frozenset()
    planned: list[Planned] = field(default_factory=list)
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
        credential = self._credential(step)
        faults += conflicts.name_faults(self.register, given.get("name"), but=None)
        faults += conflicts.external_id_faults(self.register, given.get("external_ids"), but=None)
        binding = None
        if credential is not None and not any(name not in given for name in _ENDPOINT) and not step.faults:
            binding = self._binding(credential, _endpoint(given), faults)
        if faults:
            return Result(step.index, step.op, "error", _text(given.get("name")), faults=faults)
        record = _planned(given, found, credential, was_retired=False)
        draft = self.register.add(record, made_by=step.index)
        changes = trail.difference({}, record)
        self._note("create", draft, changes, binding=binding)
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
        credential = self._credential(step)
        binding = None if step.faults else self._binding_of_change(draft, given, credential, faults)
        if faults:
            return self._failed(step, draft, faults)
        planned = _planned(given, found, credential, was_retired=was_retired)
        changes = trail.difference(draft.record, {**draft.record, **planned})
        if not changes:
            return Result(step.index, step.op, "unchanged", draft.name, draft)
        self.register.change(draft, planned)
        self._note("update", draft, changes, binding=binding)
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
        binding: NewBinding | None = None,
    ) -> None:
        draft.version += 1
        draft.is_dirty = True
        self.planned.append(Planned(action, draft, draft.name, changes, reason, binding))
        if binding is not None:
            self.references.note_bound(binding.credential, binding.endpoint)

    @staticmethod
    def _failed(step: Step, draft: Draft, faults: Sequence[FieldFault]) -> Result:
        return Result(step.index, step.op, "error", draft.name, draft, faults=faults)

    def _credential(self, step: Step) -> Credential | None:
        return self.references.credentials.get(step.references.credential_id or 0)

    def _binding_of_change(
        self, draft: Draft, given: Mapping[str, Any], credential: Credential | None, faults: list[FieldFault]
    ) -> NewBinding | None:
        """Ask the gate when the credential or the endpoint becomes another one."""
        old, new = _endpoint(draft.record), _endpoint({**draft.record, **given})
        own = draft.record["credential"]
        if "credential_id" not in given:
            credential = self.references.get_credential(own["id"]) if own and new != old else None
        if credential is None or (new == old and own is not None and credential.id == own["id"]):
            return None
        return self._binding(credential, new, faults)

    def _binding(self, credential: Credential, endpoint: Endpoint, faults: list[FieldFault]) -> NewBinding | None:
        bound = self.references.is_bound(credential, endpoint)
        try:
            return self.gate.check(credential, endpoint, bound=bound, operator_id=self.operator_id)
        except CredentialNotBound:
            faults.append(FieldFault("data.credential_id", "not_bound", {"name": credential.name}))
            return None


def _planned(
    given: Mapping[str, Any], found: Lookup, credential: Credential | None, *, was_retired: bool
) -> dict[str, Any]:
    planned = plan(given, found, credential, was_retired=was_retired)
    if "tag_names" in given:
        planned["tag_names"] = sorted(given["tag_names"] or ())
    if "external_ids" in planned:
        planned["external_ids"] = dict(sorted(planned["external_ids"].items()))
    return planned


def _endpoint(values: Mapping[str, Any]) -> Endpoint:
    return Endpoint(values["db_type"], host_key(values["host"]), values["port"])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _below_data(faults: Sequence[FieldFault]) -> list[FieldFault]:
    return [replace(fault, path=f"data.{fault.path}") for fault in faults]
