"""How the routes of the register show instances."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from app.api.v1.schemas import instances as schemas
from app.core.messages import sentence
from app.domain.credentials.endpoints import NewBinding, binding_text
from app.domain.instances import repository
from app.domain.instances.write_service import InstanceWriteService
from app.http.language import language

_MOST_TOLD = 20  # bindings that an answer tells one by one


def shown(instance: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the register
    """Return an instance in full, under its name."""
    return {"instance": schemas.Instance.model_validate(instance).model_dump()}


def preview(instance_id: int) -> Callable[[], Any]:
    """Return what shows the instance as it stands, for a dry run."""
    return lambda: shown(repository.get_detail(instance_id, include_deleted=True))


def warnings(service: InstanceWriteService) -> dict[str, Any]:
    """Return what a write is worth a second look for."""
    found = []
    if service.same_endpoint:
        names = ", ".join(one.name for one in service.same_endpoint)
        others = [{"id": one.id, "name": one.name} for one in service.same_endpoint]
        found.append(_warning("instance.same_endpoint", others, names=names))
    return _meta([*found, *_told_bindings(service.newly_bound)])


def binding_warnings(new: Sequence[NewBinding]) -> dict[str, Any]:
    """Return which endpoints credentials are bound to by many writes, the first of them one by one."""
    return _meta(_told_bindings(new))


def _meta(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"warnings": found} if found else {}


def _told_bindings(new: Sequence[NewBinding]) -> list[dict[str, Any]]:
    told = dict.fromkeys((one.credential.name, binding_text(one.destination)) for one in new)
    first = [
        _warning("credential.newly_bound", [], name=name, endpoint=endpoint)
        for name, endpoint in islice(told, _MOST_TOLD)
    ]
    left = len(told) - len(first)
    return [*first, _warning("credential.more_newly_bound", [], count=str(left))] if left else first


def _warning(code: str, instances: Sequence[Mapping[str, Any]], **params: str) -> dict[str, Any]:
    return {"code": code, "message": sentence(code, language(), params), "instances": instances}
