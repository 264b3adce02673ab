"""The part of the register that a batch touches, in memory: what it was, and what the steps have made of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.instances.repository import many

Record = dict[str, Any]


@dataclass(slots=True, eq=False)
class Draft:
    """One instance: `record` is what it shall be, `stored` what the store holds (None for a new one).

    Both are as `app.domain.instances.record` has them. `made_by` is the step that made a new one.
    """

    id: int | None
    record: Record
    stored: Record | None = None
    version: int = 0
    deleted_at: datetime | None = None
    delete_reason: str | None = None
    made_by: int | None = None
    is_dirty: bool = False

    @property
    def name(self) -> str:
        """Return the name that it shall have."""
        name: str = self.record["name"]
        return name


@dataclass(frozen=True, slots=True)
class Holder:
    """An instance that has a name or an external id, and that no step touches."""

    id: int | None
    name: str
    in_bin: bool
    made_by: int | None = None


@dataclass(slots=True)
class Register:
    """Instances by id; names and external ids by who has them."""

    by_id: dict[int, Draft] = field(default_factory=dict)
    tag_ids: dict[str, int] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    _names: dict[str, Draft | Holder] = field(default_factory=dict)
    _external: dict[tuple[str, str], Draft | Holder] = field(default_factory=dict)

    def load(
        self, *, ids: Iterable[int], names: Iterable[str], new_names: Iterable[str], pairs: Iterable[tuple[str, str]]
    ) -> None:
        """Lock and read the instances of these ids and names; find who has the new names and external ids."""
        targets, wanted = set(names), set(ids)
        holders = many.find_holders(targets | set(new_names))
        wanted |= {holder.id for holder in holders if holder.name in targets}
        for holder in holders:
            self._names[holder.name] = Holder(holder.id, holder.name, holder.in_bin)
        for owner in many.find_external_id_holders(set(pairs)):
            self._external[owner.system, owner.external_id] = Holder(owner.id, owner.name, owner.in_bin)
        self.load_ids(wanted)

    def load_ids(self, ids: Iterable[int]) -> None:
        """Lock and read the instances of these ids that are not here yet."""
        wanted = set(ids) - self.by_id.keys()
        many.lock(wanted)
        for row in many.list_records(wanted):
            self.tag_ids |= row.pop("tag_ids")
            draft = Draft(row.pop("id"), row, version=row.pop("version"), deleted_at=row.pop("deleted_at"))
            draft.stored = dict(row)
            self._add(draft)

    def add(self, record: Record, *, made_by: int) -> Draft:
        """Take in a new instance."""
        draft = Draft(None, record, made_by=made_by)
        self._add(draft)
        return draft

    def _add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        if draft.id is not None:
            self.by_id[draft.id] = draft
        self._names[draft.name] = draft
        for pair in draft.record["external_ids"].items():
            self._external[pair] = draft

    def find(self, name: str) -> Draft | None:
        """Return the instance that has this name, in the recycle bin or not."""
        found = self._names.get(name)
        return found if isinstance(found, Draft) else None

    def name_holder(self, name: str, *, but: Draft | None = None) -> Draft | Holder | None:
        """Return who else has the name."""
        return self._other(self._names.get(name), but)

    def external_id_holder(self, pair: tuple[str, str], *, but: Draft | None = None) -> Draft | Holder | None:
        """Return who else has the id in that system."""
        return self._other(self._external.get(pair), but)

    @staticmethod
    def _other(found: Draft | Holder | None, but: Draft | None) -> Draft | Holder | None:
        if found is None or found is but:
            return None
        is_same = but is not None and found.id is not None and found.id == but.id
        return None if is_same else found

    def change(self, draft: Draft, planned: Mapping[str, Any]) -> None:
        """Give the instance the planned values; names and ids that it leaves are free again."""
        old_name, old_ids = draft.name, draft.record["external_ids"]
        draft.record = {**draft.record, **planned}
        if draft.name != old_name:
            del self._names[old_name]
            self._names[draft.name] = draft
        if "external_ids" in planned:
            for pair in old_ids.items():
                del self._external[pair]
            for pair in draft.record["external_ids"].items():
                self._external[pair] = draft

    def dirty(self) -> Iterator[Draft]:
        """Yield what differs from the store, in the order of the first touch."""
        return (draft for draft in self.drafts if draft.is_dirty)

    def mark_written(self, draft: Draft) -> None:
        """Note that the store holds the draft as it is."""
        draft.stored, draft.is_dirty = dict(draft.record), False
        if draft.id is not None:
            self.by_id[draft.id] = draft
