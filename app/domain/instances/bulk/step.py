"""One operation of a batch, read as far as that goes without the store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import FieldFault, Invalid
from app.core.fields import Command
from app.domain.instances.bulk.commands import COMMANDS, Operation
from app.domain.instances.commands import CreateInstance, RefersToOthers
from app.domain.instances.filter import InstanceFilter

_TARGETS = ("id", "name", "filter")
_TAGS = ("tag_names", "add_tags", "remove_tags")


@dataclass(slots=True)
class Step:
    """What shall be done to which instance, and what is known to be wrong with it.

    `given` holds the sound values; `named` what is referred to by name instead of by id: `credential`, `cluster`;
    `replaced` the objects that are taken as a whole instead of being merged member by member.
    """

    index: int
    op: str
    id: int | None = None
    name: str | None = None
    wanted: InstanceFilter | None = None
    given: dict[str, Any] = field(default_factory=dict)
    references: RefersToOthers = field(default_factory=RefersToOthers)
    named: Mapping[str, str] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()
    faults: list[FieldFault] = field(default_factory=list)

    @property
    def tags(self) -> Iterator[tuple[str, str]]:
        """Yield each tag that is spoken of, after the field where it stands."""
        for field_name in _TAGS:
            for position, name in enumerate(self.given.get(field_name) or ()):
                yield f"{field_name}.{position}", name


def read_step(index: int, payload: Any) -> Step:  # noqa: ANN401 - whatever stands in the list
    """Read one operation; its faults stand in the step, under paths within the operation."""
    faults: list[FieldFault] = []
    values: Mapping[str, Any] = payload if isinstance(payload, Mapping) else {}
    try:
        Operation.parse(payload)
    except Invalid as exc:
        faults += exc.faults
    wrong = {fault.path.partition(".")[0] for fault in faults}
    op = values["op"] if "op" in values and "op" not in wrong else ""
    sound = {name: None if name in wrong else values.get(name) for name in _TARGETS}
    step = Step(index, op, name=sound["name"])
    step.id = int(sound["id"]) if sound["id"] is not None else None
    if op:
        given = [name for name in _TARGETS if values.get(name) is not None]
        faults += _target_faults(op, given)
        if "data" not in wrong:
            faults += read_data(step, values.get("data") or {})
    if sound["filter"] is not None:
        faults += _read_filter(step, sound["filter"])
    step.faults = faults
    return step


def _target_faults(op: str, given: Sequence[str]) -> list[FieldFault]:
    if op == "create":
        return [FieldFault(name, "no_target_of_create") for name in given]
    return [] if len(given) == 1 else [FieldFault("id", "one_target")]


def _read_filter(step: Step, given: Mapping[str, Any]) -> list[FieldFault]:
    if not given:
        return [FieldFault("filter", "empty_filter")]
    try:
        step.wanted = InstanceFilter.parse(given)
    except Invalid as exc:
        return _below("filter", exc.faults)
    return []


def read_data(step: Step, data: Mapping[str, Any]) -> list[FieldFault]:
    """Read what the operation shall set; returns the faults, and leaves what is sound in the step."""
    expected = COMMANDS[step.op]
    try:
        command = expected.parse(data)
    except Invalid as exc:
        wrong = {fault.path.partition(".")[0] for fault in exc.faults}
        step.given = {name: data[name] for name in expected.model_fields if name in data and name not in wrong}
        if issubclass(expected, RefersToOthers):
            step.references = _references(step.given)
        return _below("data", exc.faults)
    step.given = _values(command)
    if isinstance(command, RefersToOthers):
        step.references = command
    return []


def _values(command: Command) -> dict[str, Any]:
    if type(command) is CreateInstance:
        return {name: getattr(command, name) for name in CreateInstance.model_fields}
    return command.given()


def _references(sound: Mapping[str, Any]) -> RefersToOthers:
    return RefersToOthers.parse({name: sound[name] for name in RefersToOthers.model_fields if name in sound})


def _below(place: str, faults: Sequence[FieldFault]) -> list[FieldFault]:
    return [
        FieldFault(place if fault.path == "body" else f"{place}.{fault.path}", fault.code, fault.params)
        for fault in faults
    ]
