"""Change many instances in one call: all or none, or as much as is sound."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.core.errors import FieldFault
from app.core.fields import clip
from app.domain.access.permissions import Action
from app.domain.instances.binding import CredentialGate
from app.domain.instances.bulk.commands import MOST_OPERATIONS, ChangeInstances
from app.domain.instances.bulk.outcome import BatchRefused, Outcome, Result
from app.domain.instances.bulk.planner import Planner
from app.domain.instances.bulk.references import References
from app.domain.instances.bulk.register import Draft, Register
from app.domain.instances.bulk.step import Step, read_step
from app.domain.instances.bulk.writing import BulkWriter
from app.domain.instances.connection import Keys
from app.domain.instances.lookup import LOGINS
from app.domain.instances.repository import many

_MOVES = frozenset({"db_type", "host", "port", "tls_mode", "tls_ca", "tls_legacy"})


class InstanceBatchService:
    """Change many instances; every fault of every operation is told at once.

    Each operation sees what those before it did. Flushes, never commits. The number of statements grows with
    the number of rows by chunks of hundreds.

    Actions that are `granted` need not be in the operator's role. Client keys are sealed with `keys`.

    :raises NoTransaction: it is called outside of a transaction.
    """

    def __init__(
        self,
        *,
        gate: CredentialGate | None = None,
        granted: frozenset[Action] = frozenset(),
        keys: Keys | None = None,
    ) -> None:
        self._gate = gate or CredentialGate()
        self._keys = keys
        self._granted = granted

    def change(self, payload: Mapping[str, Any], *, operator_id: int | None) -> Outcome:
        """Carry out a batch as `POST /instances/batch` takes it.

        :raises Invalid: it is no batch at all.
        :raises BatchRefused: it is atomic and an operation is wrong; nothing was written.
        :raises InstanceNameTaken: another writer has taken a name while the batch was being written.
        """
        batch = ChangeInstances.parse(payload)
        steps = [read_step(index, operation) for index, operation in enumerate(batch.operations)]
        return self.carry_out(steps, operator_id=operator_id, atomic=batch.atomic)

    def carry_out(
        self, steps: Sequence[Step], *, operator_id: int | None, atomic: bool = True, write: bool = True
    ) -> Outcome:
        """Carry out steps; `write=False` only says what would become of them.

        :raises BatchRefused: it is atomic and a step is wrong; nothing was written.
        """
        planner = Planner(Register(), References(), self._gate, operator_id, granted=self._granted)
        _load(planner, steps)
        writer, results = BulkWriter(planner, keys=self._keys), list[Result]()
        for step in steps:
            if step.wanted is not None:
                writer.write()  # a filter is the store's work, so the store must know what was done before
            results += self._results(planner, step, room=MOST_OPERATIONS - len(results))
        faulty = any(result.faults for result in results)
        outcome = Outcome(results, write and not (atomic and faulty), planner.newly_bound)
        if atomic and faulty and write:
            raise BatchRefused(outcome)
        if write:
            writer.write()
        return outcome

    def _results(self, planner: Planner, step: Step, *, room: int) -> Iterator[Result]:
        if step.op == "create":
            yield planner.create(step)
        elif step.wanted is not None:
            yield from _by_filter(planner, step, room=max(room, 0))
        else:
            yield _by_name(planner, step)


def _load(planner: Planner, steps: Sequence[Step]) -> None:
    """Read all that the steps need, in chunks."""
    planner.references.load(steps)
    _resolve_names(planner.references, steps)
    new_names = [name for step in steps if isinstance(name := step.given.get("name"), str)]
    external = (step.given.get("external_ids") for step in steps)
    pairs = [
        pair
        for ids in external
        if isinstance(ids, Mapping)
        for pair in ids.items()
        if all(isinstance(part, str) for part in pair)
    ]
    planner.register.load(
        ids=[step.id for step in steps if step.id is not None],
        names=[step.name for step in steps if step.name is not None],
        new_names=new_names,
        pairs=pairs,
    )
    if any(_MOVES & step.given.keys() for step in steps if step.op != "create"):
        _load_own_credentials(planner, planner.register.drafts)


def _resolve_names(references: References, steps: Sequence[Step]) -> None:
    """Put ids for the credentials and clusters that are called by name."""
    for step in steps:
        for kind, name in step.named.items():
            found = references.id_of(kind, name)
            if found is None:
                step.faults.append(FieldFault(f"data.{kind}", "unknown_reference", {"value": clip(name)}))
                continue
            step.given[f"{kind}_id"] = found
            step.references = step.references.model_copy(update={f"{kind}_id": found})


def _load_own_credentials(planner: Planner, drafts: Sequence[Draft]) -> None:
    own = (draft.record[name] for draft in drafts for name in LOGINS)
    planner.references.load_credentials({one["id"] for one in own if one})


def _by_filter(planner: Planner, step: Step, *, room: int) -> Iterator[Result]:
    assert step.wanted is not None  # noqa: S101 - the caller asked
    ids = many.list_ids(step.wanted, most=room + 1)
    if len(ids) > room:
        faults = [*planner.refused(step), FieldFault("filter", "too_many_matches", {"most": MOST_OPERATIONS})]
        yield Result(step.index, step.op, "error", faults=faults)
        return
    planner.register.load_ids(ids)
    drafts = [planner.register.by_id[one] for one in ids if one in planner.register.by_id]
    if _MOVES & step.given.keys():
        _load_own_credentials(planner, drafts)
    if not drafts:
        faults = planner.refused(step)
        yield Result(step.index, step.op, "error" if faults else "unchanged", faults=faults)
    for draft in drafts:
        yield _apply(planner, step, draft)


def _by_name(planner: Planner, step: Step) -> Result:
    draft = planner.register.find(step.name) if step.name is not None else planner.register.by_id.get(step.id or 0)
    if draft is not None and step.op:
        return _apply(planner, step, draft)
    faults = planner.refused(step)
    if draft is None and step.name is not None:
        faults = [*faults, FieldFault("name", "no_such_name", {"name": clip(step.name)})]
    elif draft is None and step.id is not None:
        faults = [*faults, FieldFault("id", "no_such_id", {"id": step.id})]
    return Result(step.index, step.op, "error", step.name, faults=faults)


def _apply(planner: Planner, step: Step, draft: Draft) -> Result:
    if step.op == "delete":
        return planner.delete(step, draft)
    if step.op == "restore":
        return planner.restore(step, draft)
    return planner.change(step, draft)
