"""What a step of a batch would run into: names and ids that others have, the recycle bin."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import FieldFault
from app.core.fields import clip
from app.domain.instances.bulk.register import Draft, Holder, Register


def bin_faults(draft: Draft) -> list[FieldFault]:
    """Return the fault that the instance is in the recycle bin."""
    return [] if draft.deleted_at is None else [FieldFault("id", "in_bin", {"name": draft.name})]


def name_faults(register: Register, name: Any, *, but: Draft | None) -> list[FieldFault]:  # noqa: ANN401 - may be wrong
    """Return the fault that another instance has the name, be it in the bin or made by a step before."""
    holder = register.name_holder(name, but=but) if isinstance(name, str) else None
    if holder is None:
        return []
    if holder.id is None:
        return [FieldFault("data.name", "name_taken_in_batch", {"name": clip(name), "index": holder.made_by})]
    if _in_bin(holder):
        return [FieldFault("data.name", "name_taken_in_bin", {"name": clip(name), "id": holder.id})]
    return [FieldFault("data.name", "name_taken", {"name": clip(name), "id": holder.id})]


def external_id_faults(
    register: Register,
    wanted: Any,  # noqa: ANN401 - may be wrong
    *,
    but: Draft | None,
) -> list[FieldFault]:
    """Return the faults that other instances have the ids."""
    pairs = wanted.items() if isinstance(wanted, Mapping) else ()
    faults = []
    for pair in pairs:
        holder = register.external_id_holder(pair, but=but) if isinstance(pair[1], str) else None
        if holder is not None:
            faults.append(_external_id_taken(clip(pair[0]), clip(pair[1]), holder.name))
    return faults


def _external_id_taken(system: str, external_id: str, holder: str) -> FieldFault:
    path = f"data.external_ids.{system}"
    return FieldFault(path, "external_id_taken", {"system": system, "external_id": external_id, "holder": holder})


def _in_bin(holder: Draft | Holder) -> bool:
    return holder.in_bin if isinstance(holder, Holder) else holder.deleted_at is not None
