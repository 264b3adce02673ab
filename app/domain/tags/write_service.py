"""Change the table of tags."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from app.core.db import current_session, moment
from app.domain.audit import trail
from app.domain.references.usage import Usage
from app.domain.references.write_service import Kind, ReferenceWriteService
from app.domain.tags.commands import CreateTag, UpdateTag
from app.domain.tags.errors import TagInUse, TagNameTaken, TagNotFound
from app.models import Instance, InstanceTag, Tag


class TagWriteService(ReferenceWriteService[Tag]):
    """Create, change and delete tags; `detach` takes a deleted tag off its instances first."""

    kind = Kind(
        model=Tag,
        entity_type="tag",
        title=Tag.name,
        link=None,
        order=(Tag.name,),
        fields=("name", "color", "description"),
        create_command=CreateTag,
        update_command=UpdateTag,
        not_found=TagNotFound,
        taken=TagNameTaken,
        in_use=TagInUse,
    )

    def __init__(self, *, detach: bool = False) -> None:
        self._detach = detach

    def _release(self, row: Tag, usage: Usage, operator_id: int | None) -> None:
        """Take the tag off all instances when that was asked for; each of them gets its audit event."""
        if not self._detach:
            super()._release(row, usage, operator_id)
        session = current_session()
        carrying = select(InstanceTag.instance_id).where(InstanceTag.tag_id == row.id)
        session.execute(select(Instance.id).where(Instance.id.in_(carrying)).order_by(Instance.id).with_for_update())
        events = [
            trail.Event(
                action="update",
                entity_type="instance",
                entity_id=instance_id,
                entity_name=name,
                changes=[{"field": "tag_names", "before": tags, "after": [tag for tag in tags if tag != row.name]}],
            )
            for instance_id, (name, tags) in _carriers(row.id).items()
        ]
        trail.record(*events, operator_id=operator_id)
        session.execute(
            update(Instance)
            .where(Instance.id.in_(carrying))
            .values(version=Instance.version + 1, updated_at=moment())
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(InstanceTag).where(InstanceTag.tag_id == row.id))


def _carriers(tag_id: int) -> Mapping[int, tuple[str, list[str]]]:
    """Return name and tag names of each instance that carries the tag."""
    carrying = select(InstanceTag.instance_id).where(InstanceTag.tag_id == tag_id)
    rows = current_session().execute(
        select(Instance.id, Instance.name, Tag.name.label("tag"))
        .join(InstanceTag, InstanceTag.instance_id == Instance.id)
        .join(Tag, Tag.id == InstanceTag.tag_id)
        .where(Instance.id.in_(carrying))
        .order_by(Instance.id, Tag.name)
    )
    carriers: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        carriers.setdefault(row.id, (row.name, []))[1].append(row.tag)
    return carriers
