"""Create, change and delete the things that instances refer to, each change with its audit event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import current_session, moment
from app.core.errors import Conflict, NotFound
from app.core.fields import Command
from app.domain.audit import trail
from app.domain.references.listing import ListReferences, Page, list_page
from app.domain.references.usage import NAMED_AT_REFUSAL, UNUSED, Link, Usage, find_usage
from app.domain.writes.if_match import ANY_VERSION, IfMatch

M = TypeVar("M", bound=Any)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What tells one kind of thing from another.

    `title` is its unique name, `link` the columns of instances that refer to it (None: the table of tags),
    `fields` what a command sets as it is, `defaults` what null means in some of them.
    """

    model: type[Any]
    entity_type: str
    title: InstrumentedAttribute[str]
    link: Link | None
    fields: tuple[str, ...]
    order: tuple[InstrumentedAttribute[Any], ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    create_command: type[Command]
    update_command: type[Command]
    not_found: type[NotFound]
    taken: type[Conflict]
    in_use: type[Conflict]


class ReferenceWriteService(Generic[M]):
    """What the services of tags, environments, clusters and credentials have in common.

    Flushes, never commits. A write that changes nothing writes nothing.
    """

    kind: ClassVar[Kind]

    def create(self, payload: Command | Mapping[str, Any], *, operator_id: int | None) -> M:
        """Add one.

        :raises Invalid: a field is missing or wrong.
        :raises Conflict: the name is taken.
        """
        values = {
            **dict.fromkeys(self.kind.fields),
            **self.kind.defaults,
            **self._values(self.kind.create_command.parse(payload)),
        }
        self._refuse_taken(values, but=None)
        row = self._new(values)
        current_session().add(row)
        self._flush(row)
        self._trace("create", row, trail.difference({}, self._record(row)), operator_id)
        return row

    def update(
        self,
        row_id: int,
        payload: Command | Mapping[str, Any],
        *,
        operator_id: int | None,
        if_match: IfMatch = ANY_VERSION,
    ) -> M:
        """Change one; absent optional fields keep their value.

        :raises NotFound: no row has this id.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises Invalid: a field is missing or wrong.
        :raises Conflict: the name is taken.
        """
        command = self.kind.update_command.parse(payload)
        row = self._locked(row_id)
        if_match.check(row)
        values, before = self._values(command), self._record(row)
        title = self.kind.title.key
        if title in values and values[title] != getattr(row, title):
            self._refuse_taken(values, but=row_id)
        secrets = self._assign(row, values)
        changes = trail.difference(before, {**self._record(row), **dict.fromkeys(secrets, trail.SECRET)})
        changes = [change for change in changes if not change.get("secret") or change["field"] in secrets]
        if changes:
            row.version += 1
            row.updated_at = moment()
            self._flush(row)
            self._trace("update", row, changes, operator_id)
        return row

    def delete(self, row_id: int, *, operator_id: int | None, if_match: IfMatch = ANY_VERSION) -> None:
        """Remove one that no instance uses, not even one in the recycle bin.

        :raises NotFound: no row has this id.
        :raises VersionChanged: it has another version than the caller has seen.
        :raises Conflict: instances use it; the error counts them and names the first.
        """
        row = self._locked(row_id)
        if_match.check(row)
        usage = find_usage(self.kind.link, [row_id], named=NAMED_AT_REFUSAL).get(row_id, UNUSED)
        if usage.count:
            self._release(row, usage, operator_id)
        before = self._record(row)
        current_session().delete(row)
        self._trace("delete", row, trail.difference(before, {}), operator_id)

    def get(self, row_id: int) -> M:
        """Return one.

        :raises NotFound: no row has this id.
        """
        row: M | None = current_session().get(self.kind.model, row_id)
        if row is None:
            raise self.kind.not_found(params={"id": row_id})
        return row

    def get_for_change(self, row_id: int) -> tuple[M, Mapping[str, Any]]:
        """Return one, locked where rows are locked, and what the audit trail compares of it.

        :raises NotFound: no row has this id.
        """
        row = self._locked(row_id)
        return row, self._record(row)

    @classmethod
    def list_page(cls, query: ListReferences) -> Page:
        """Return one page, in the order of the table."""
        return list_page(query, search_in=[cls.kind.title], order_by=cls.kind.order)

    def _locked(self, row_id: int) -> M:
        row: M | None = current_session().get(self.kind.model, row_id, with_for_update=True)
        if row is None:
            raise self.kind.not_found(params={"id": row_id})
        return row

    def _values(self, command: Command) -> dict[str, Any]:
        given = {name: value for name, value in command.given().items() if name in self.kind.fields}
        return {name: self.kind.defaults.get(name) if value is None else value for name, value in given.items()}

    def _new(self, values: Mapping[str, Any]) -> M:
        made: M = self.kind.model(**values)
        return made

    def _assign(self, row: M, values: Mapping[str, Any]) -> set[str]:
        """Set the values; returns the names of the secrets that really changed."""
        for name, value in values.items():
            setattr(row, name, value)
        return set()

    def _record(self, row: M) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.kind.fields}

    def _release(self, row: M, usage: Usage, operator_id: int | None) -> None:
        """Make instances let go of the thing, or refuse: most kinds do."""
        del operator_id
        raise self.kind.in_use(
            params={"name": getattr(row, self.kind.title.key), "count": usage.count},
            extra={"instances": list(usage.instances), "used_by_count": usage.count},
        )

    def _refuse_taken(self, values: Mapping[str, Any], *, but: int | None) -> None:
        name = values[self.kind.title.key]
        holder = current_session().scalar(select(self.kind.model.id).where(self.kind.title == name))
        if holder is not None and holder != but:
            raise self.kind.taken(params={"name": name}, extra={"holder": {"id": holder}})

    def _flush(self, row: M) -> None:
        """Write; another writer may have taken the name since we looked."""
        name = getattr(row, self.kind.title.key)
        try:
            current_session().flush()
        except IntegrityError:
            raise self.kind.taken(params={"name": name}) from None

    def _trace(self, action: str, row: M, changes: list[dict[str, Any]], operator_id: int | None) -> None:
        event = trail.Event(
            action=action,
            entity_type=self.kind.entity_type,
            entity_id=row.id,
            entity_name=getattr(row, self.kind.title.key),
            changes=changes,
        )
        current_session().flush()
        trail.record(event, operator_id=operator_id)
