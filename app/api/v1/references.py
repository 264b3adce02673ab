"""Present the things that instances refer to, each with its usage."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from app.domain.references.usage import UNUSED, Link, find_usage
from app.domain.references.write_service import ReferenceWriteService


def present(schema: type[BaseModel], rows: Sequence[Any], link: Link | None, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows as the schema shows them; `more` holds further attributes by name: one mapping by id each."""
    usage = find_usage(link, [row.id for row in rows])
    shown = []
    for row in rows:
        used = usage.get(row.id, UNUSED)
        extra = {name: by_id.get(row.id) for name, by_id in more.items()}
        own = {name: getattr(row, name) for name in schema.model_fields if hasattr(row, name) and name not in extra}
        shown.append(
            schema.model_validate({**own, **extra, "usage_count": used.count, "used_by": used.instances}).model_dump()
        )
    return shown


def present_one(schema: type[BaseModel], row: Any, service: type[ReferenceWriteService[Any]]) -> dict[str, Any]:  # noqa: ANN401
    """Return one row under its own name: `{"tag": {…}}`."""
    return {service.kind.entity_type: present(schema, [row], service.kind.link)[0]}


def location(path: str, row_id: int) -> dict[str, str]:
    """Return the header that says where a new thing is."""
    return {"Location": f"/api/v1/{path}/{row_id}"}
